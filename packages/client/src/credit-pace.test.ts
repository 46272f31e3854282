import { ManualClock } from "@chappe/testing";
import { describe, expect, test } from "vitest";
import { CreditPace } from "./credit-pace.ts";

async function handle(pace: CreditPace, clock: ManualClock, messages: number, msEach: number): Promise<void> {
  for (let count = 0; count < messages; count++) {
    await clock.advance(msEach);
    pace.settle(1);
  }
}

describe("the pace of handlers", () => {
  test("slow handlers hold one message in hand and one in stock", async () => {
    const clock = new ManualClock();
    const pace = new CreditPace({ min: 2, max: 1_000 }, clock.now);
    await handle(pace, clock, 20, 10_000);
    expect(pace.target).toBe(2);
  });

  test("fast handlers soon hold all they may", async () => {
    const clock = new ManualClock();
    const pace = new CreditPace({ min: 2, max: 1_000 }, clock.now);
    for (let count = 0; count < 3_000; count++) pace.settle(1);
    expect(pace.target).toBe(1_000);
  });

  test("handlers in between hold about what they handle in a second", async () => {
    const clock = new ManualClock();
    const pace = new CreditPace({ min: 2, max: 1_000 }, clock.now);
    await handle(pace, clock, 300, 20);
    expect(pace.target).toBeGreaterThanOrEqual(25);
    expect(pace.target).toBeLessThanOrEqual(100);
  });

  test("handlers that become slow hold less", async () => {
    const clock = new ManualClock();
    const pace = new CreditPace({ min: 2, max: 64 }, clock.now);
    for (let count = 0; count < 200; count++) pace.settle(1);
    expect(pace.target).toBe(64);
    await handle(pace, clock, 200, 5_000);
    expect(pace.target).toBe(2);
  });
});
