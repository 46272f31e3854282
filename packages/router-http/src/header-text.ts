import { ChappeError } from "@chappe/message";

/**
 * The text that a header's value stands for. Headers carry ASCII; every other character, and `%` itself, is written as
 * the percent-encoded bytes of its UTF-8, as the HTTP binding of CloudEvents has it.
 *
 * @param header its name, for the error
 * @throws ChappeError INVALID_ARGUMENT for what is not ASCII, or encodes no text
 */
export function headerText(value: string, header: string): string {
  // Node hands out headers as latin1: whatever is beyond ASCII was sent in an encoding nobody named.
  if (/\P{ASCII}/u.test(value)) {
    throw new ChappeError(
      "INVALID_ARGUMENT",
      `${header} has a character that is not ASCII; write it percent-encoded, as in %C3%A9 for é`,
    );
  }
  if (!value.includes("%")) return value;
  try {
    return decodeURIComponent(value);
  } catch (cause) {
    throw new ChappeError(
      "INVALID_ARGUMENT",
      `${header} has a % that begins no percent-encoded UTF-8; write %25 for % itself`,
      { cause },
    );
  }
}
