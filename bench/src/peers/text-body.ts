import { STAMP_BYTES } from "../end-to-end/stamp.ts";

/** Characters of a stamp in base64. */
const STAMP_CHARACTERS = Math.ceil(STAMP_BYTES / 3) * 4;

/** The smallest body that a system which carries text alone can be followed by: a stamp in base64. */
export const LEAST_TEXT_BYTES = STAMP_CHARACTERS;

/** A stamped body as text of just as many bytes: the stamp in base64, the rest of it as it is, which is ASCII. */
export function textOfBody(body: Buffer): string {
  return body.toString("base64", 0, STAMP_BYTES) + body.toString("latin1", STAMP_CHARACTERS);
}

/** The stamped body that a text was made of. */
export function bodyOfText(text: string): Buffer {
  const body = Buffer.from(text, "latin1");
  // In base64 the end of a stamp is padding, so it writes no more than the stamp.
  body.write(text.slice(0, STAMP_CHARACTERS), "base64");
  return body;
}
