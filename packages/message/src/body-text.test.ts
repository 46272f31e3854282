import { expect, test } from "vitest";
import { bodyText } from "./body-text.ts";

const body = Buffer.from("\uFEFFhé");

test.each([
  "text/plain",
  "text/csv; charset=UTF-8",
  "application/json",
  "application/problem+json; charset=utf-8",
  "application/xml",
  "image/svg+xml",
])("%s is text, to the byte", (contentType) => {
  expect(bodyText({ body, contentType })).toBe("\uFEFFhé");
});

test.each(["image/png", "application/octet-stream", "application/jsonish", "text/plain; charset=latin1"])(
  "%s is none",
  (contentType) => {
    expect(bodyText({ body, contentType })).toBeUndefined();
  },
);

test("what is no UTF-8 is none, whatever its type says", () => {
  expect(bodyText({ body: Buffer.from([0xff]), contentType: "text/plain" })).toBeUndefined();
  expect(bodyText({ body: Buffer.from("é").subarray(0, 1), contentType: "text/plain" })).toBeUndefined();
});

test("a body cut within a character is text still", () => {
  const cut = { body: Buffer.from("hé").subarray(0, 2), bodyBytes: 3 };
  expect(bodyText({ ...cut, contentType: "text/plain" })).toBe("h");
});
