import { expect, it } from "vitest";
import { SequenceSet } from "./sequence-set.ts";

it("tells new sequences from those seen before, in any order", () => {
  const set = new SequenceSet();
  expect([5, 0, 100_000, 5, 0, 1].map((sequence) => set.add(sequence))).toEqual([true, true, true, false, false, true]);
});

it("counts what is missing of the first so many", () => {
  const set = new SequenceSet();
  for (const sequence of [0, 1, 2, 4, 8, 9]) set.add(sequence);
  expect(set.missingOf(0)).toBe(0);
  expect(set.missingOf(3)).toBe(0);
  expect(set.missingOf(10)).toBe(4);
  expect(set.missingOf(50_000)).toBe(49_994);
});

it("does not keep what is beyond all reason", () => {
  expect(new SequenceSet().add(10 ** 11)).toBeUndefined();
});
