import { expect, test } from "vitest";
import { durationText } from "./durations.ts";

test.each([
  [undefined, "-"],
  [-5, "-"],
  [0, "0 ms"],
  [999, "999 ms"],
  [1_000, "1 s"],
  [119_000, "1 min"],
  [3_600_000, "1 h"],
  [86_400_000 * 9, "9 d"],
])("%s is told as %s", (ms, text) => {
  expect(durationText(ms)).toBe(text);
});
