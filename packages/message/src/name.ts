import { ChappeError } from "./chappe-error.ts";
import { MAX_NAME_BYTES } from "./limits.ts";
import { quote } from "./quote.ts";

const DOT = 0x2e;
const DASH = 0x2d;
const UNDERSCORE = 0x5f;

function isNameCharacter(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === DOT ||
    code === UNDERSCORE ||
    code === DASH
  );
}

/**
 * Checks a sender id, receiver id, topic, subscription or consumer name: 1 to 200 of `a-z A-Z 0-9 . _ -`.
 *
 * @param what how the error calls the name, for example "sender"
 * @throws ChappeError INVALID_ARGUMENT that names the first wrong character and its position, counted from 0
 */
export function checkName(name: string, what: string): void {
  if (typeof name !== "string") {
    throw new ChappeError("INVALID_ARGUMENT", `${what} must be a string, not ${typeof name}`);
  }
  if (name.length === 0) {
    throw new ChappeError("INVALID_ARGUMENT", `${what} is empty; 1 to ${MAX_NAME_BYTES} characters are allowed`);
  }
  for (let position = 0; position < name.length && position <= MAX_NAME_BYTES; position++) {
    if (isNameCharacter(name.charCodeAt(position))) continue;
    const character = String.fromCodePoint(name.codePointAt(position) as number);
    throw new ChappeError(
      "INVALID_ARGUMENT",
      `${what} ${quote(name)} has ${quote(character)} at position ${position}; allowed are a-z A-Z 0-9 . _ -`,
    );
  }
  // All characters are ASCII by now, so that the length counts bytes.
  if (name.length > MAX_NAME_BYTES) {
    throw new ChappeError(
      "INVALID_ARGUMENT",
      `${what} ${quote(name)} has ${name.length} bytes; at most ${MAX_NAME_BYTES} are allowed`,
    );
  }
}
