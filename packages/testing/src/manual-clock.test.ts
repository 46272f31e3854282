import { describe, expect, test } from "vitest";
import { ManualClock } from "./manual-clock.ts";

describe("ManualClock", () => {
  test("stands still until advanced", async () => {
    const clock = new ManualClock(1_000);
    await clock.advance(25);
    expect(clock.now()).toBe(1_025);
  });

  test("runs due timers in order of time, then of setting, each at its own time", async () => {
    const clock = new ManualClock(0);
    const ran: string[] = [];
    const note = (name: string) => () => void ran.push(`${name}@${clock.now()}`);
    clock.setTimeout(note("late"), 30);
    clock.setTimeout(note("first"), 10);
    clock.setTimeout(note("second"), 10);
    clock.setTimeout(note("never"), 31);
    await clock.advance(30);
    expect(ran).toEqual(["first@10", "second@10", "late@30"]);
    expect(clock.pendingTimers).toBe(1);
  });

  test("runs timers that a promise sets on the way", async () => {
    const clock = new ManualClock(0);
    const ran: number[] = [];
    const sleep = (ms: number) => new Promise<void>((resolve) => clock.setTimeout(resolve, ms));
    const work = (async () => {
      for (let step = 0; step < 3; step++) {
        await sleep(10);
        ran.push(clock.now());
      }
    })();
    await clock.advance(100);
    await work;
    expect(ran).toEqual([10, 20, 30]);
    expect(clock.now()).toBe(100);
  });

  test("forgets a timer that was called off", async () => {
    const clock = new ManualClock(0);
    const handle = clock.setTimeout(() => expect.unreachable(), 5);
    clock.clearTimeout(handle);
    await clock.advance(10);
    expect(clock.pendingTimers).toBe(0);
  });

  test("tells two timers that feed each other apart from a hang", async () => {
    const clock = new ManualClock(0);
    const again = () => void clock.setTimeout(again, 0);
    again();
    await expect(clock.advance(1)).rejects.toThrow("timers came due");
  });
});
