import { ChappeError, ErrorCode, errorCodeOf } from "./chappe-error.ts";
import { LEN, VARINT, WireReader } from "./wire-reader.ts";
import type { WireWriter } from "./wire-writer.ts";

/** `chappe.v1.Error`: what went wrong with one batch or one outcome. Every ChappeError is one. */
export interface FrameError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  /** On a gap in a producer's sequence: the sequence that is expected next. */
  readonly expectedSequence?: number | undefined;
}

/** The ChappeError that a frame's error tells of. */
export function chappeErrorOf(error: FrameError): ChappeError {
  const { code, message, retryable, expectedSequence } = error;
  return new ChappeError(
    code,
    message,
    expectedSequence === undefined ? { retryable } : { retryable, expectedSequence },
  );
}

/** Writes an error as an embedded message. */
export function writeError(writer: WireWriter, field: number, error: FrameError): void {
  const expectedBytes = error.message.length + 4;
  const start = writer.open(field, expectedBytes);
  writer.uint32(1, ErrorCode[error.code]);
  writer.string(2, error.message);
  writer.bool(3, error.retryable);
  writer.uint64(4, error.expectedSequence ?? 0);
  writer.close(start, expectedBytes);
}

/** Reads an embedded error. @throws ChappeError INVALID_ARGUMENT for bytes that are none */
export function readError(bytes: Uint8Array): FrameError {
  const reader = new WireReader(bytes, "error");
  let code = 0;
  let message = "";
  let retryable = false;
  let expectedSequence = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    switch (tag) {
      case (1 << 3) | VARINT:
        code = reader.uint32();
        break;
      case (2 << 3) | LEN:
        message = reader.string();
        break;
      case (3 << 3) | VARINT:
        retryable = reader.bool();
        break;
      case (4 << 3) | VARINT:
        expectedSequence = reader.uint64();
        break;
      default:
        reader.skip(tag);
    }
  }
  return {
    code: errorCodeOf(code),
    message,
    retryable,
    expectedSequence: expectedSequence === 0 ? undefined : expectedSequence,
  };
}
