import { describe, expect, it } from "vitest";
import { decodeProgress, encodeProgress, sizeOf } from "./settled-marks.ts";

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
      const progress = { settled: ranges, setback: undefined };
      expect(decodeProgress(encodeProgress(progress), 0)).toEqual(progress);
    }
  });

  it("begin with how many messages are settled, for the script to compare", () => {
    expect(
      encodeProgress({
        settled: [
          { from: 0, to: 3 },
          { from: 7, to: 9 },
        ],
        setback: undefined,
      }),
    ).toBe("5 0-3 7-9");
    expect(
      sizeOf([
        { from: 0, to: 3 },
        { from: 7, to: 9 },
      ]),
    ).toBe(5);
  });

  it("are none for an entry without progress", () => {
    expect(decodeProgress("", 0)).toEqual({ settled: [], setback: undefined });
  });

  it("say which message failed, how often, in how many crashes, and when its pause is over", () => {
    const setback = { failures: [{ index: 4, times: 2, crashes: 1 }], total: 3, pauseMs: 1_500.5 };
    expect(encodeProgress({ settled: [{ from: 0, to: 4 }], setback })).toBe("4 0-4!3 +1501 4:2:1");
    const noted = "4 0-4!3 1001500 4:2:1";
    expect(decodeProgress(noted, 1_000_000).setback).toEqual({ ...setback, pauseMs: 1_500 });
    expect(decodeProgress(noted, 2_000_000).setback?.pauseMs).toBe(0);
  });
});
