import { describe, expect, test } from "vitest";
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

  test("says of duplicates that they had been stored before", () => {
    expect(summaryText(summaryOf("receiver:a", "done", tallyOf(100)))).toContain("1 of them had been stored before");
    const tally = new Tally();
    tally.countSent();
    tally.countSafe({ duplicate: true }, 0);
    expect(summaryText(summaryOf("receiver:a", "done", tally))).toMatch(
      /^sent 1 message to receiver:a, which had been stored before and was not stored again, safe after /,
    );
  });

  test("says what is known when nothing became safe", () => {
    const tally = new Tally();
    tally.countSent();
    expect(summaryText(summaryOf("receiver:a", "failed", tally))).toBe("sent 1 message to receiver:a: 0 safe");
  });
});
