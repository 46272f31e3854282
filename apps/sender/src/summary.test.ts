import { describe, expect, test } from "vitest";
import { progressLine, showProgress } from "./progress.ts";
import { summaryOf, summaryText } from "./summary.ts";
import { Tally } from "./tally.ts";

/** A tally of `count` messages, of which message n takes n milliseconds, and the first is a duplicate. */
function tallyOf(count: number): Tally {
  let now = 1000;
  const tally = new Tally(() => now);
  for (let n = 1; n <= count; n++) {
    tally.countSent();
    now += n;
    tally.countSafe({ duplicate: n === 1 && count > 1 }, now - n);
  }
  return tally;
}

describe("the summary", () => {
  test("counts messages, receipts and duplicates, and measures rate and latency", () => {
    const summary = summaryOf("topic:orders", "done", tallyOf(100));
    expect(summary).toMatchObject({
      address: "topic:orders",
      end: "done",
      sent: 100,
      receipts: 100,
      duplicates: 1,
      elapsedMs: 5050,
      messagesPerSecond: 20,
    });
    expect(summary.latencyMs.p50).toBeCloseTo(50, -1);
    expect(summary.latencyMs.p99).toBeCloseTo(99, -1);
  });

  test("is short for one message", () => {
    expect(summaryText(summaryOf("receiver:a", "done", tallyOf(1)))).toMatch(
      /^sent 1 message to receiver:a, safe after 1(\.\d+)? ms$/,
    );
  });

  test("says what is known when nothing became safe", () => {
    const tally = new Tally();
    tally.countSent();
    expect(summaryText(summaryOf("receiver:a", "failed", tally))).toBe("sent 1 message to receiver:a: 0 safe");
  });
});

describe("the progress line", () => {
  test("tells how far it is", () => {
    expect(progressLine({ sent: 1200, receipts: 1100 }, 10_000)).toBe("1,200 of 10,000 sent, 1,100 safe");
    expect(progressLine({ sent: 5, receipts: 0 }, undefined)).toBe("5 sent, 0 safe");
  });

  test("is for terminals alone", async () => {
    const written: string[] = [];
    const write = (text: string) => written.push(text);
    showProgress({ write }, tallyOf(1), undefined)();
    expect(written).toEqual([]);

    const hide = showProgress({ isTTY: true, write }, tallyOf(1), 2);
    await expect.poll(() => written.at(-1)).toMatch(/1 of 2 sent, 1 safe$/);
    hide();
    expect(written.at(-1)).toBe("\r\u001B[K");
  });
});
