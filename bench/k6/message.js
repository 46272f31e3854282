import { b64decode, b64encode } from "k6/encoding";
import { settings } from "./settings.js";

/** Bytes of a body's stamp. */
const STAMP_BYTES = 12;

const filler = b64encode("x".repeat(settings.bodyBytes - STAMP_BYTES));

/**
 * The body of a message, in base64. It begins with the message's number as 16 decimal digits, which are base64 as they
 * stand: whoever receives it can tell what is lost.
 *
 * @param number counts up from 0 over the whole run
 */
export function base64Body(number) {
  return `${String(number).padStart(16, "0")}${filler}`;
}

/** The same as bytes. */
export function binaryBody(number) {
  return b64decode(base64Body(number));
}
