import { describe, expect, it } from "vitest";
import { QueueWatch } from "./queue-watch.ts";

const ADA = "receiver:ada";

describe("a queue watch", () => {
  it("suspects nobody until most of a limit was published", () => {
    const watch = new QueueWatch({ maxMessages: 100, maxBytes: 0 });
    watch.note(ADA, "89 1000000000");
    expect(watch.mayBeFull(ADA)).toBe(false);
    watch.note(ADA, "90 1000000000");
    expect(watch.mayBeFull(ADA)).toBe(true);
    expect(watch.mayBeFull("receiver:bob")).toBe(false);
  });

  it("goes by bytes too, and allows for what they cost besides", () => {
    const watch = new QueueWatch({ maxMessages: 0, maxBytes: 10_000 });
    watch.note(ADA, "10 3000");
    expect(watch.mayBeFull(ADA)).toBe(false);
    watch.note(ADA, "11 3500");
    expect(watch.mayBeFull(ADA)).toBe(true);
  });

  it("asks again only after the room that was left is published", () => {
    const watch = new QueueWatch({ maxMessages: 100, maxBytes: 0 });
    watch.note(ADA, "1000 0");
    watch.note(ADA, "1001 0 30 5000");
    expect(watch.mayBeFull(ADA)).toBe(false);
    watch.note(ADA, "1060 0");
    expect(watch.mayBeFull(ADA)).toBe(false);
    watch.note(ADA, "1061 0");
    expect(watch.mayBeFull(ADA)).toBe(true);
  });

  it("asks each time while the queue is nearly full", () => {
    const watch = new QueueWatch({ maxMessages: 100, maxBytes: 0 });
    watch.note(ADA, "1000 0 95 5000");
    expect(watch.mayBeFull(ADA)).toBe(true);
  });

  it("forgets the queue it has not heard of for longest when there are too many", () => {
    const watch = new QueueWatch({ maxMessages: 100, maxBytes: 0 });
    for (let queue = 0; queue < 10_001; queue++) watch.note(`receiver:${queue}`, "1000 0 95 5000");
    expect(watch.mayBeFull("receiver:0")).toBe(false);
    expect(watch.mayBeFull("receiver:1")).toBe(true);
    watch.note("receiver:0", "1001 0");
    expect(watch.mayBeFull("receiver:0")).toBe(true);
  });

  it("never asks where nothing is limited", () => {
    const watch = new QueueWatch({ maxMessages: 0, maxBytes: 0 });
    watch.note(ADA, "1000000000 1000000000000");
    expect(watch.mayBeFull(ADA)).toBe(false);
  });
});
