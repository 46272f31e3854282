import { expect, it } from "vitest";
import { monotonicClock } from "./monotonic-clock.ts";

it("tells the kernel's monotonic time, to a fraction of a millisecond", () => {
  const now = monotonicClock();
  const before = Number(process.hrtime.bigint()) / 1_000;
  const shown = now();
  const after = Number(process.hrtime.bigint()) / 1_000;
  expect(shown).toBeGreaterThan(before - 100);
  expect(shown).toBeLessThan(after + 100);
});
