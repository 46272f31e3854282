import calculateSlot from "cluster-key-slot";
import { BatchBuilder } from "@chappe/message";
import { describe, expect, it } from "vitest";
import { Keys } from "./keys.ts";

const keys = new Keys("chappe");

const builder = new BatchBuilder({ sender: "s", address: "topic:a", deduplicationId: "d" });
builder.add({ body: "a", deduplicationId: "d" }, 0);
const HEADER = builder.finish(new Uint8Array(0), 0).header;

describe("Keys", () => {
  it("puts everything of an address, channel included, into one slot of a cluster", () => {
    for (const address of ["receiver:ada", "topic:orders"]) {
      const all = [
        ...Object.values(keys.subscription({ address, subscription: "billing" })),
        ...Object.values(keys.subscription({ address, subscription: "" })),
        ...Object.values(keys.address(address)),
        keys.producer(address, Buffer.from("0123456789abcdef")),
        keys.deduplication({ ...HEADER, address }),
        keys.orderingKeys(address),
      ];
      expect(new Set(all.map((key) => calculateSlot(key))).size).toBe(1);
    }
  });

  it("names no two things alike", () => {
    const all = ["receiver:a", "topic:a", "topic:a.b"].flatMap((address) => [
      ...["", "b", "stream"].flatMap((subscription) => Object.values(keys.subscription({ address, subscription }))),
      keys.producer(address, Buffer.from([1])),
      keys.producer(address, Buffer.from([2])),
      keys.deduplication({ ...HEADER, address }),
      keys.deduplication({ ...HEADER, address, sender: "t" }),
      keys.deduplication({ ...HEADER, address, deduplicationId: "s/d" }),
      keys.orderingKeys(address),
    ]);
    const perAddress = 7;
    // Each of three addresses names stream, meta, wakes, delayed, its entries, marks and addresses once for each of its three subscriptions.
    expect(new Set(all).size).toBe(all.length - 3 * 2 * perAddress);
  });
});
