import { describe, expect, it } from "vitest";
import { decodeMarks, encodeMarks, sizeOf } from "./settled-marks.ts";

describe("settled marks", () => {
  it("come back as they were encoded", () => {
    for (const ranges of [
      [],
      [{ from: 0, to: 1 }],
      [
        { from: 2, to: 7 },
        { from: 9, to: 1024 },
      ],
    ]) {
      expect(decodeMarks(encodeMarks(ranges))).toEqual(ranges);
    }
  });

  it("begin with how many messages are settled, for the script to compare", () => {
    expect(
      encodeMarks([
        { from: 0, to: 3 },
        { from: 7, to: 9 },
      ]),
    ).toBe("5 0-3 7-9");
    expect(
      sizeOf([
        { from: 0, to: 3 },
        { from: 7, to: 9 },
      ]),
    ).toBe(5);
  });

  it("are none for an entry without progress", () => {
    expect(decodeMarks("")).toEqual([]);
  });
});
