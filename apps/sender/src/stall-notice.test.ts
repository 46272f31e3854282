import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { noticeStalls } from "./stall-notice.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Notices of a tally that moves as the test says. */
function watch(sent: number) {
  const tally = { sent, receipts: 0 };
  const lines: string[] = [];
  const { note, end } = noticeStalls(tally, (line) => lines.push(line));
  return { tally, lines, note, end };
}

test("a stall is told once, and the next one again", () => {
  const { tally, lines, end } = watch(1200);
  vi.advanceTimersByTime(1_500);
  expect(lines).toEqual([]);
  vi.advanceTimersByTime(10_000);
  expect(lines).toEqual(["1,200 not safe yet; waiting for the router to confirm"]);
  tally.receipts = 1199;
  vi.advanceTimersByTime(10_000);
  expect(lines[1]).toMatch(/^1 not safe yet/);
  expect(lines).toHaveLength(2);
  end();
});

test("what keeps messages from becoming safe is told with the stall, once, and forgotten when they move", () => {
  const { tally, lines, note, end } = watch(3);
  for (let second = 0; second < 10; second++) {
    note(new Error(`redis is away, try ${second}`));
    vi.advanceTimersByTime(1_000);
  }
  expect(lines).toEqual(["3 not safe yet; waiting for the router to confirm. Last error: redis is away, try 1"]);
  tally.receipts = 1;
  vi.advanceTimersByTime(10_000);
  expect(lines[1]).toBe("2 not safe yet; waiting for the router to confirm");
  end();
});

test("a cause that shows later is told then", () => {
  const { lines, note, end } = watch(1);
  vi.advanceTimersByTime(5_000);
  note(new Error("redis is away"));
  vi.advanceTimersByTime(5_000);
  end();
  expect(lines).toEqual([
    "1 not safe yet; waiting for the router to confirm",
    "1 not safe yet; waiting for the router to confirm. Last error: redis is away",
  ]);
});

test("nothing is told while messages become safe, or none is on its way", () => {
  const { tally, lines, end } = watch(100);
  for (let second = 0; second < 10; second++) {
    tally.receipts += 1;
    vi.advanceTimersByTime(1_000);
  }
  tally.receipts = tally.sent;
  vi.advanceTimersByTime(10_000);
  end();
  expect(lines).toEqual([]);
});
