import { expect, it } from "vitest";
import { allocatedBytes } from "./allocation-meter.ts";

it("adds up what the heap grew by between collections", () => {
  const collections = [
    { before: 150, after: 60 },
    { before: 100, after: 40 },
  ];
  expect(allocatedBytes(100, collections, 70)).toBe(50 + 40 + 30);
});

it("takes memory that was given back without a collection for nothing, not for less", () => {
  expect(allocatedBytes(100, [{ before: 90, after: 50 }], 40)).toBe(0);
});
