import { ChappeError, ErrorCode, type FrameError } from "@chappe/message";
import { Metadata, type StatusObject } from "@grpc/grpc-js";

/** Statuses travel in HTTP/2 headers, and answers in frames that hold many of them: longer texts are cut. */
const MAX_TEXT_CHARACTERS = 1_024;

/** The status that ends a call for this error. grpc-js takes it from a callback, or from an emitted `error`. */
export function toStatus(error: unknown): StatusObject {
  const { code, message } = ChappeError.from(error);
  return { code: ErrorCode[code], details: cut(message, MAX_TEXT_CHARACTERS), metadata: new Metadata() };
}

/**
 * The error inside a stream, which concerns one batch or one outcome.
 *
 * @param maxCharacters length of its text; lower where a frame may hold thousands
 */
export function toFrameError(error: unknown, maxCharacters = MAX_TEXT_CHARACTERS): FrameError {
  const { code, message, retryable, expectedSequence } = ChappeError.from(error);
  return { code, message: cut(message, maxCharacters), retryable, expectedSequence };
}

// Half a surrogate pair, from a cut or from a caller, would make grpc-js' percent-encoding throw.
function cut(text: string, maxCharacters: number): string {
  return (text.length > maxCharacters ? `${text.slice(0, maxCharacters - 1)}…` : text).toWellFormed();
}
