import fc from "fast-check";
import { expect, test } from "vitest";
import { DEFAULT_RETRY_POLICY, retryDelayMs } from "./retry-policy.ts";

test("the ceiling doubles with each attempt, up to the longest delay", () => {
  const ceilings = [1, 2, 3, 4, 20, 2000].map((attempt) => retryDelayMs(DEFAULT_RETRY_POLICY, attempt, () => 1));
  expect(ceilings).toEqual([2000, 4000, 8000, 16_000, 600_000, 600_000]);
});

test("no delay is shorter than the shortest or longer than the longest", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
      const delayMs = retryDelayMs(DEFAULT_RETRY_POLICY, attempt, () => random);
      expect(delayMs).toBeGreaterThanOrEqual(1000);
      expect(delayMs).toBeLessThanOrEqual(600_000);
      expect(Number.isInteger(delayMs)).toBe(true);
    }),
  );
});

test("messages that failed together do not come back together", () => {
  const delays = new Set(Array.from({ length: 100 }, () => retryDelayMs(DEFAULT_RETRY_POLICY, 1)));
  expect(delays.size).toBeGreaterThan(50);
});

test("equal shortest and longest delays leave nothing to chance", () => {
  const policy = { maxAttempts: 3, minDelayMs: 50, maxDelayMs: 50 };
  expect(retryDelayMs(policy, 7, () => 0.99)).toBe(50);
});
