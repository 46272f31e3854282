import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { BulkQueue } from "./bulk-queue.ts";

describe("a bulk queue", () => {
  it("sends what comes in one turn together, up to the limit", async () => {
    const bulks: (readonly number[])[] = [];
    const queue = new BulkQueue<number>(2, async (items) => bulks.push(items));
    await Promise.all([1, 2, 3].map((item) => queue.send(item)));
    expect(bulks).toEqual([[1, 2], [3]]);
  });

  it("gathers while a bulk is under way", async () => {
    const bulks: (readonly number[])[] = [];
    const first = Promise.withResolvers<void>();
    const queue = new BulkQueue<number>(10, async (items) => {
      bulks.push(items);
      if (bulks.length === 1) await first.promise;
    });
    const one = queue.send(1);
    await turn();
    const others = [queue.send(2), queue.send(3)];
    await turn();
    expect(bulks).toEqual([[1]]);
    first.resolve();
    await Promise.all([one, ...others]);
    expect(bulks).toEqual([[1], [2, 3]]);
  });

  it("fails the items of a bulk that failed, and goes on", async () => {
    const queue = new BulkQueue<number>(1, async ([item]) => {
      if (item === 1) throw new Error("no room");
    });
    await expect(queue.send(1)).rejects.toThrow("no room");
    await expect(queue.send(2)).resolves.toBeUndefined();
  });
});
