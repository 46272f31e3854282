import { ManualClock } from "@chappe/testing";
import { describe, expect, it } from "vitest";
import { Alarm } from "./alarm.ts";

describe("an alarm", () => {
  it("rings once, at the earliest of the times it is asked for", async () => {
    const clock = new ManualClock(0);
    const rings: number[] = [];
    const alarm = new Alarm(clock, () => rings.push(clock.now()));
    for (const atMs of [30, 10, 20]) alarm.ringAt(atMs);
    await clock.advance(100);
    expect(rings).toEqual([10]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("does not ring when it was cleared, and does when it is asked to again", async () => {
    const clock = new ManualClock(0);
    const rings: number[] = [];
    const alarm = new Alarm(clock, () => rings.push(clock.now()));
    alarm.ringAt(10);
    alarm.clear();
    alarm.ringAt(20);
    await clock.advance(100);
    expect(rings).toEqual([20]);
  });
});
