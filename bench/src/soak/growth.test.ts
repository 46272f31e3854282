import { describe, expect, it } from "vitest";
import { growthOf, isLeak, type Sample } from "./growth.ts";

const MINUTE_MS = 60_000;
const MIB = 1_048_576;

function samplesOf(value: (minute: number) => number, minutes = 30): Sample[] {
  return Array.from({ length: minutes }, (_, minute) => ({ atMs: minute * MINUTE_MS, value: value(minute) }));
}

describe("growth", () => {
  it("of a steady leak is what leaks in an hour", () => {
    const growth = growthOf(samplesOf((minute) => 1_000 + 5 * minute));
    expect(growth.perHour).toBeCloseTo(300);
    expect(growth.begin).toBe(1_022.5);
    expect(growth.end).toBe(1_122.5);
  });

  it("of what swings about a level is nearly nothing", () => {
    const { begin, end, perHour } = growthOf(samplesOf((minute) => 1_000 + (minute % 2) * 400));
    expect(end).toBe(begin);
    expect(Math.abs(perHour)).toBeLessThan(100);
  });

  it("is not judged by a single peak at the end", () => {
    const { begin, end } = growthOf(samplesOf((minute) => (minute === 29 ? 9_000 : 1_000)));
    expect(end).toBe(begin);
  });

  it("of 1 MiB a minute is a leak in a process of any size, within the 20 minutes of a soak of 30", () => {
    for (const heldMib of [10, 100, 1_000, 10_000]) {
      expect(isLeak(growthOf(samplesOf((minute) => (heldMib + minute) * MIB, 20)))).toBe(true);
    }
  });

  it("of less than 8 MiB, or of a large process by less than 5 % and slowly, is none", () => {
    expect(isLeak(growthOf(samplesOf((minute) => (100 + minute / 2) * MIB, 20)))).toBe(false);
    expect(isLeak(growthOf(samplesOf((minute) => (1_000 + minute / 2) * MIB, 40)))).toBe(false);
    expect(isLeak(growthOf(samplesOf((minute) => (100 + minute / 2) * MIB, 40)))).toBe(true);
  });

  it("cannot be told from two samples", () => {
    expect(() => growthOf(samplesOf(() => 1, 2))).toThrow("2 samples show no trend; 3 are the least");
  });
});
