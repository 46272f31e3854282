import { ChappeError, ErrorCode, type FrameError } from "@chappe/message";
import { Metadata, type StatusObject } from "@grpc/grpc-js";

/** Statuses travel in HTTP/2 headers, and answers in frames that hold many of them: longer texts are cut. */
const MAX_TEXT_CHARACTERS = 1_024;

/** The status that ends a call for this error. grpc-js takes it from a callback, or from an emitted `error`. */
export function toStatus(error: unknown): StatusObject {
  const { code, message } = ChappeError.from(error);
  return { code: ErrorCode[code], details: cut(message), metadata: new Metadata() };
}

/** The error inside a stream, which concerns one batch or one outcome. */
export function toFrameError(error: unknown): FrameError {
  const { code, message, retryable, expectedSequence } = ChappeError.from(error);
  return { code, message: cut(message), retryable, expectedSequence };
}

// Half a surrogate pair, from a cut or from a caller, would make grpc-js' percent-encoding throw.
function cut(text: string): string {
  return (text.length > MAX_TEXT_CHARACTERS ? `${text.slice(0, MAX_TEXT_CHARACTERS - 1)}…` : text).toWellFormed();
}
