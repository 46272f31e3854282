import { expect, it } from "vitest";
import { OpenLoopPace } from "./pace.ts";

it("makes messages due at a constant rate, and keeps their time however late they are taken", () => {
  const pace = new OpenLoopPace(1_000, 500);
  expect(pace.take(999)).toBeUndefined();
  expect(pace.take(1_000)).toBe(1_000);
  expect(pace.take(2_999)).toBeUndefined();
  // The generator was held up: what was due meanwhile is due at the times it would have been sent.
  expect([pace.take(9_000), pace.take(9_000), pace.take(9_000)]).toEqual([3_000, 5_000, 7_000]);
  expect(pace.dueMicros).toBe(9_000);
});
