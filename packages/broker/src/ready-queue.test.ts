import { BatchBuilder } from "@chappe/message";
import { describe, expect, it } from "vitest";
import { HeldEntry } from "./held-entry.ts";
import { ReadyQueue, type Slice } from "./ready-queue.ts";

/** The entry that came as the `order`th, of so many messages. */
function heldEntry(order: number, count: number): HeldEntry {
  const builder = new BatchBuilder({ sender: "sender-01", address: "receiver:receiver-01" });
  for (let index = 0; index < count; index++) builder.add({ body: "x" }, 0);
  const { headerBytes, records } = builder.finish(new Uint8Array(0), 0);
  const stored = { ref: String(order), headerBytes, records, count, first: 0, attempt: 1, crashes: 0 };
  return new HeldEntry({ ...stored, redelivered: false, redriven: false, settled: [], turn: undefined }, order);
}

function orders(slices: readonly Slice[]): number[] {
  return slices.map(({ held }) => held.order);
}

describe("a queue of what is ready", () => {
  it("takes each slice back to its place, in whatever order they come", () => {
    const queue = new ReadyQueue();
    for (let order = 0; order < 7; order++) queue.push({ held: heldEntry(order, 1), from: 0, to: 1 });
    const taken = Array.from({ length: 6 }, () => queue.take(1));
    for (const order of [3, 0, 5, 1, 4, 2]) queue.putBack(taken[order]!);
    expect(queue.messages).toBe(7);
    expect(orders(queue.clear())).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it("takes back what it never had, between an older and a younger one", () => {
    const queue = new ReadyQueue();
    for (const order of [1, 3]) queue.push({ held: heldEntry(order, 1), from: 0, to: 1 });
    for (const order of [2, 0, 4]) queue.putBack({ held: heldEntry(order, 1), from: 0, to: 1 });
    expect(orders(queue.clear())).toEqual([0, 1, 2, 3, 4]);
  });

  it("takes the slices of one entry back by their first messages", () => {
    const queue = new ReadyQueue();
    const held = heldEntry(0, 5);
    for (const from of [4, 0, 2]) queue.putBack({ held, from, to: from + 1 });
    expect(queue.clear().map(({ from }) => from)).toEqual([0, 2, 4]);
  });
});
