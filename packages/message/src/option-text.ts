import { ChappeError } from "./chappe-error.ts";
import { MAX_OPTION_BYTES } from "./limits.ts";
import { quote } from "./quote.ts";

/**
 * Checks a text option: a string of at most 200 bytes.
 *
 * @param what how the error calls it
 * @throws ChappeError INVALID_ARGUMENT
 */
export function checkOptionText(text: string, what: string): void {
  if (typeof text !== "string") {
    throw new ChappeError("INVALID_ARGUMENT", `${what} must be a string, not ${typeof text}`);
  }
  // A UTF-16 unit takes at most 3 bytes, so that short texts need no count.
  if (text.length * 3 <= MAX_OPTION_BYTES) return;
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_OPTION_BYTES) return;
  throw new ChappeError(
    "INVALID_ARGUMENT",
    `${what} ${quote(text)} has ${bytes} bytes; at most ${MAX_OPTION_BYTES} are allowed`,
  );
}
