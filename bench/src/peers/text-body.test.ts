import { expect, it } from "vitest";
import { readStamp, writeStamp } from "../end-to-end/stamp.ts";
import { bodyOfText, LEAST_TEXT_BYTES, textOfBody } from "./text-body.ts";

it.each([LEAST_TEXT_BYTES, 100, 4_096])("carries a stamp in a text of %i bytes, and no more", (bytes) => {
  const body = Buffer.alloc(bytes, "x");
  writeStamp(body, 3, 4_000_000_000, 1_234_567_890.125);
  const text = textOfBody(body);
  expect(Buffer.byteLength(text)).toBe(bytes);
  expect(text).toMatch(/^[\w+/=]+$/);
  const arrived = bodyOfText(text);
  expect(arrived).toHaveLength(bytes);
  expect(readStamp(arrived)).toEqual(readStamp(body));
});

it("keeps the length of a text that was cut, so that it is found damaged", () => {
  expect(bodyOfText("x".repeat(7))).toHaveLength(7);
});
