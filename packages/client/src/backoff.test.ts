import { expect, test } from "vitest";
import { Backoff } from "./backoff.ts";

test("pauses lie anywhere below a ceiling that doubles up to its limit, and begins anew after a success", () => {
  let random = 0.999_999;
  const backoff = new Backoff({ firstMs: 50, maxMs: 300 }, () => random);
  expect([1, 2, 3, 4, 5].map(() => backoff.next())).toEqual([49, 99, 199, 299, 299]);
  backoff.reset();
  expect(backoff.next()).toBe(49);
  random = 0;
  expect(backoff.next()).toBe(0);
});
