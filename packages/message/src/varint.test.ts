import { expect, test } from "vitest";
import { varintBytes, writeVarint } from "./varint.ts";
import { WireReader } from "./wire-reader.ts";

test("each length of a varint begins and ends where the encoding says", () => {
  for (let length = 1; length <= 7; length++) {
    const first = length === 1 ? 0 : 2 ** (7 * (length - 1));
    const last = 2 ** (7 * length) - 1;
    expect([varintBytes(first), varintBytes(last)]).toEqual([length, length]);
  }
  expect(varintBytes(2 ** 49)).toBe(8);
  expect(varintBytes(Number.MAX_SAFE_INTEGER)).toBe(8);
});

test("numbers at every bit are written in just as many bytes, and read back", () => {
  for (let bit = 0; bit <= 53; bit++) {
    for (const value of [2 ** bit - 1, 2 ** bit].filter(Number.isSafeInteger)) {
      const buffer = new Uint8Array(8);
      expect(writeVarint(buffer, 0, value)).toBe(varintBytes(value));
      expect(new WireReader(buffer.subarray(0, varintBytes(value)), "number").uint64()).toBe(value);
    }
  }
});
