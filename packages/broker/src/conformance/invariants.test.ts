import { describe, expect, it } from "vitest";
import { type Ending, type HandOver, lost, outOfOrder, overcounted, unflaggedDuplicates } from "./invariants.ts";

function handOver(text: string, ending: Ending, attempt = 1, redelivered = false): HandOver {
  return { text, attempt, redelivered, ending };
}

describe("lost", () => {
  it("names what was published and never seen", () => {
    expect(lost(["a", "b", "c"], ["c", "a", "a"])).toEqual(["b"]);
    expect(lost(["a"], ["a", "stranger"])).toEqual([]);
  });
});

describe("unflaggedDuplicates", () => {
  it("finds a second hand-over that does not say it is one", () => {
    const second = handOver("a", "ack");
    expect(unflaggedDuplicates([handOver("a", "ack"), handOver("b", "ack"), second])).toEqual([second]);
    expect(unflaggedDuplicates([handOver("a", "open"), second])).toEqual([second]);
  });

  it("lets pass a second hand-over that says so, or that follows a release", () => {
    expect(unflaggedDuplicates([handOver("a", "open"), handOver("a", "ack", 1, true)])).toEqual([]);
    expect(unflaggedDuplicates([handOver("a", "fail"), handOver("a", "ack", 2)])).toEqual([]);
    expect(unflaggedDuplicates([handOver("a", "release"), handOver("a", "ack")])).toEqual([]);
  });

  it("takes an attempt for a flag only when it is higher than all before", () => {
    const third = handOver("a", "ack", 2);
    expect(unflaggedDuplicates([handOver("a", "fail"), handOver("a", "fail", 2), third])).toEqual([third]);
  });
});

describe("overcounted", () => {
  it("finds an attempt that no failure explains", () => {
    const second = handOver("a", "ack", 2);
    expect(overcounted([handOver("a", "release"), second])).toEqual([second]);
    expect(overcounted([handOver("a", "fail"), second, handOver("b", "crash"), handOver("b", "ack", 2)])).toEqual([]);
  });
});

describe("outOfOrder", () => {
  it("finds messages that came after younger ones of the same sender, and repeated ones", () => {
    const from = (sender: string) => (text: string) => ({ sender, text });
    expect(outOfOrder(["a1", "a3", "a2", "a10", "a10"].map(from("a")))).toEqual(["a2", "a10"]);
    expect(outOfOrder([from("a")("a2"), from("b")("b1"), from("a")("a3")])).toEqual([]);
  });
});
