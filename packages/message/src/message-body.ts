import { ChappeError } from "./chappe-error.ts";
import type { MessageInput } from "./message-input.ts";

/**
 * The JSON text of a body that is neither text nor bytes.
 *
 * @throws ChappeError INVALID_ARGUMENT for what JSON cannot hold, and for what it would empty without a word: buffers,
 * other typed arrays, maps, sets, promises, streams and blobs
 */
export function jsonBody(body: MessageInput["body"]): string {
  if (typeof body === "object" && body !== null) refuseWhatJsonEmpties(body);
  let text: string | undefined;
  try {
    text = JSON.stringify(body);
  } catch (cause) {
    throw new ChappeError("INVALID_ARGUMENT", `body cannot be written as JSON: ${String(cause)}`, { cause });
  }
  if (text === undefined) {
    throw new ChappeError("INVALID_ARGUMENT", `body is a ${typeof body}, which JSON does not have`);
  }
  return text;
}

function refuseWhatJsonEmpties(body: object): void {
  const isBinary = ArrayBuffer.isView(body) || body instanceof ArrayBuffer || body instanceof SharedArrayBuffer;
  if (isBinary) {
    throw new ChappeError("INVALID_ARGUMENT", `body is a ${body.constructor.name}; give its bytes as a Uint8Array`);
  }
  const isEmptied =
    body instanceof Map ||
    body instanceof Set ||
    body instanceof Blob ||
    "then" in body ||
    Symbol.asyncIterator in body;
  if (isEmptied && !("toJSON" in body)) {
    throw new ChappeError(
      "INVALID_ARGUMENT",
      `body is a ${body.constructor?.name ?? "object"}, of which JSON keeps nothing; give text, bytes or plain values`,
    );
  }
}
