import { expect, it } from "vitest";
import { readStamp, STAMP_BYTES, writeStamp } from "./stamp.ts";

it("reads back what it wrote, also from a view inside other bytes", () => {
  const frame = Buffer.alloc(STAMP_BYTES + 7, 0xff);
  writeStamp(frame.subarray(7), 3, 4_000_000_000, 123_456.789);
  expect(readStamp(frame.subarray(7))).toEqual({ sender: 3, sequence: 4_000_000_000, intendedMicros: 123_456.789 });
});

it("refuses a body that is too short for a stamp", () => {
  expect(() => readStamp(new Uint8Array(STAMP_BYTES - 1))).toThrow(RangeError);
});
