import { expect, it } from "vitest";
import { ratioInterval } from "./ratio-interval.ts";

it("lies around the geometric mean: twice and half as much are no change", () => {
  const { low, estimate, high } = ratioInterval([2, 0.5, 2, 0.5], 0.95);
  expect(estimate).toBeCloseTo(1);
  expect(low).toBeLessThan(0.8);
  expect(high).toBeGreaterThan(1.25);
});

it("is a point when all ratios are the same", () => {
  const { low, estimate, high } = ratioInterval([1.1, 1.1, 1.1, 1.1], 0.95);
  for (const bound of [low, estimate, high]) expect(bound).toBeCloseTo(1.1);
});

it("is the same for the same ratios", () => {
  const ratios = [1.01, 0.97, 1.08, 1.03, 0.99, 1.02];
  expect(ratioInterval(ratios, 0.95)).toEqual(ratioInterval(ratios, 0.95));
});

it("is wider for more confidence, and narrower for more ratios", () => {
  const width = (ratios: readonly number[], confidence: number) => {
    const { low, high } = ratioInterval(ratios, confidence);
    return high - low;
  };
  const few = [1.01, 0.97, 1.08, 1.03, 0.99, 1.02];
  const many = [...few, ...few, ...few, ...few];
  expect(width(few, 0.99)).toBeGreaterThan(width(few, 0.8));
  expect(width(many, 0.95)).toBeLessThan(width(few, 0.95));
});
