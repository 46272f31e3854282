import { describe, expect, it } from "vitest";
import { costOf, MemoryBudget } from "./stored-part.ts";

function part(bytes: number) {
  return { headerBytes: new Uint8Array(10), records: new Uint8Array(bytes), count: 1, first: 0 };
}

describe("MemoryBudget", () => {
  it("counts a part once, however many hold it, until the last lets go", () => {
    const budget = new MemoryBudget(10_000);
    const stored = budget.keep(part(1_000));
    expect(budget.usedBytes).toBe(costOf(part(1_000)));
    budget.share(stored);
    budget.release(stored);
    expect(budget.usedBytes).toBe(costOf(part(1_000)));
    budget.release(stored);
    expect(budget.usedBytes).toBe(0);
  });

  it("has room up to its limit, and keeps beyond it rather than lose", () => {
    const budget = new MemoryBudget(2 * costOf(part(1_000)));
    budget.keep(part(1_000));
    expect(budget.hasRoomFor(costOf(part(1_000)))).toBe(true);
    expect(budget.hasRoomFor(costOf(part(1_001)))).toBe(false);
    budget.keep(part(5_000));
    expect(budget.hasRoomFor(0)).toBe(false);
  });

  it("does not keep a whole network frame alive for a small view of it", () => {
    const frame = new Uint8Array(1_000_000).fill(7);
    const stored = new MemoryBudget(10_000).keep({
      headerBytes: frame.subarray(0, 100),
      records: frame.subarray(100, 300),
      count: 1,
      first: 0,
    });
    expect(stored.headerBytes.buffer.byteLength + stored.records.buffer.byteLength).toBe(300);
    expect(stored.records).toEqual(new Uint8Array(200).fill(7));
  });

  it("copies nothing when the view is most of its buffer", () => {
    const frame = new Uint8Array(65_536);
    const records = frame.subarray(100);
    const stored = new MemoryBudget(100_000).keep({ headerBytes: frame.subarray(0, 100), records, count: 1, first: 0 });
    expect(stored.records).toBe(records);
  });
});
