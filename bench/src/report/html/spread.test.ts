import { expect, it } from "vitest";
import { spread } from "./spread.ts";

it("leaves what is far enough apart where it is", () => {
  expect(spread([3, 1, 2], 1)).toEqual([3, 1, 2]);
  expect(spread([], 1)).toEqual([]);
});

it("moves apart what is too near, about the same middle and in the same order", () => {
  expect(spread([5, 5], 2)).toEqual([4, 6]);
  const placed = spread([10, 9.9, 0, 9.8], 1);
  const sorted = placed.toSorted((a, b) => a - b);
  expect(placed.map((place) => sorted.indexOf(place))).toEqual([3, 2, 0, 1]);
  for (let index = 1; index < sorted.length; index++) {
    expect((sorted[index] ?? 0) - (sorted[index - 1] ?? 0)).toBeGreaterThanOrEqual(1 - 1e-9);
  }
});
