import { expect, test } from "vitest";
import { parseTime } from "./parse-time.ts";

test.each([
  ["2027-01-31T08:00:00Z", Date.UTC(2027, 0, 31, 8)],
  ["2027-01-31T08:00+01:00", Date.UTC(2027, 0, 31, 7)],
  ["2027-01-31t08:00:00.5z", Date.UTC(2027, 0, 31, 8, 0, 0, 500)],
  ["2028-02-29T00:00Z", Date.UTC(2028, 1, 29)],
])("%s is a time", (text, timeMs) => {
  expect(parseTime(text)).toBe(timeMs);
});

test.each([
  "",
  "tomorrow",
  "2027-01-31",
  "2027-01-31T08:00",
  "2027-13-01T08:00Z",
  "2027-02-29T00:00Z",
  "2027-04-31T00:00Z",
])("%j is none", (text) => {
  expect(parseTime(text)).toBeUndefined();
});
