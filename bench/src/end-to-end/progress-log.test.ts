import { expect, it } from "vitest";
import { ProgressLog } from "./progress-log.ts";

it("tells the speed on any part of the way, also between two looks", () => {
  const log = new ProgressLog();
  log.note({ count: 0, atMicros: 0 });
  log.note({ count: 100, atMicros: 1_000_000 });
  log.note({ count: 300, atMicros: 2_000_000 });
  expect(log.perSecondBetween(0, 100)).toBe(100);
  expect(log.perSecondBetween(100, 300)).toBe(200);
  expect(log.perSecondBetween(50, 200)).toBe(150);
});

it("refuses parts that nobody looked at", () => {
  const log = new ProgressLog();
  log.note({ count: 10, atMicros: 0 });
  log.note({ count: 20, atMicros: 1_000 });
  expect(() => log.perSecondBetween(5, 20)).toThrow("around 5 messages");
  expect(() => log.perSecondBetween(10, 21)).toThrow("around 21 messages");
  expect(() => log.perSecondBetween(10, 10)).toThrow("no time");
});
