import { expect, it } from "vitest";
import { base64Body, readBodyNumber, writeBodyNumber } from "./body-number.ts";

it("numbers a body, and reads the number back", () => {
  const body = Buffer.alloc(20, "x");
  writeBodyNumber(body, { worker: 70_123, sequence: 99_000_000_001 });
  expect(readBodyNumber(body)).toEqual({ worker: 70_123, sequence: 99_000_000_001 });
  expect(body.subarray(12).toString()).toBe("xxxxxxxx");
});

it("makes a body of a tool's template: digits are base64 as they stand", () => {
  const body = Buffer.from(base64Body("0000300000000042", 100), "base64");
  expect(body).toHaveLength(100);
  expect(readBodyNumber(body)).toEqual({ worker: 3, sequence: 42 });
});

it.each([[""], ["too short"], ["a body without a number"]])("finds no number in %o", (text) => {
  expect(readBodyNumber(Buffer.from(text))).toBeUndefined();
});
