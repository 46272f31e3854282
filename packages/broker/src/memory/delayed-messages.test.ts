import { describe, expect, it } from "vitest";
import { DelayedMessages } from "./delayed-messages.ts";
import { MemoryBudget } from "./stored-part.ts";

const budget = new MemoryBudget(1_000_000);
const part = () => budget.keep({ headerBytes: new Uint8Array(0), records: new Uint8Array(0), count: 1, first: 0 });

describe("DelayedMessages", () => {
  it("gives out what is due, earliest first, and tells when the next is", () => {
    const delayed = new DelayedMessages();
    const [early, late] = [part(), part()];
    delayed.add("late", 200, late);
    delayed.add("early", 100, early);
    expect(delayed.nextDueMs).toBe(100);
    expect(delayed.takeDue(99)).toBeUndefined();
    expect(delayed.takeDue(150)).toBe(early);
    expect(delayed.takeDue(150)).toBeUndefined();
    expect([delayed.count, delayed.nextDueMs]).toEqual([1, 200]);
    expect(delayed.takeDue(200)).toBe(late);
    expect([delayed.count, delayed.nextDueMs]).toEqual([0, undefined]);
  });

  it("gives back what is taken back, once, and never gives it out", () => {
    const delayed = new DelayedMessages();
    const first = part();
    delayed.add("a", 100, first);
    delayed.add("b", 200, part());
    expect(delayed.cancel("a")).toBe(first);
    expect(delayed.cancel("a")).toBeUndefined();
    expect([delayed.has("a"), delayed.count, delayed.nextDueMs]).toEqual([false, 1, 200]);
    expect(delayed.takeDue(150)).toBeUndefined();
  });

  it("stays right when most of what it had is taken back", () => {
    const delayed = new DelayedMessages();
    for (let n = 0; n < 500; n++) delayed.add(String(n), 500 - n, part());
    for (let n = 0; n < 500; n++) if (n % 10 !== 0) delayed.cancel(String(n));
    expect(delayed.count).toBe(50);
    const due: (number | undefined)[] = [];
    while (delayed.count > 0) {
      due.push(delayed.nextDueMs);
      delayed.takeDue(1_000);
    }
    expect(due).toEqual(Array.from({ length: 50 }, (_, n) => 10 * (n + 1)));
  });
});
