import { expect } from "vitest";
import { connectTo, QUEUE, removal, take, textsOf } from "../entries.ts";
import { outOfOrder } from "../invariants.ts";
import { appendAll, Producer } from "../producer.ts";
import { promise, type PromiseGroup } from "../promise.ts";

/** Batches of one sender to one address are delivered in publish order, as long as nothing fails and one consumer reads. */
export const order: PromiseGroup = {
  title: "order",
  cases: [
    promise("batches of one sender arrive in publish order, though none waits for the one before", async (stage) => {
      const { broker } = await stage.broker();
      const reader = (await stage.reader(broker)).grant();
      const batches = new Producer().batches(300);
      await stage.finish(Promise.all(batches.map((batch) => broker.publish(batch))));
      await stage.until("all arrive", () => reader.texts.length >= 300);
      expect(reader.texts).toEqual(Array.from({ length: 300 }, (_, index) => String(index + 1)));
    }),

    promise("order holds when credit cuts batches into pieces", async (stage) => {
      const { broker } = await stage.broker();
      const reader = await stage.reader(broker);
      const producer = new Producer();
      const texts = Array.from({ length: 60 }, (_, index) => String(index));
      for (let from = 0; from < 60; from += 20) {
        await stage.finish(broker.publish(producer.batch(...texts.slice(from, from + 20))));
      }
      for (let granted = 0; granted < 60; granted += 7) {
        const expected = Math.min(60, granted + 7);
        reader.grant({ messages: 7 });
        await stage.until("the granted ones arrive", () => reader.texts.length === expected);
        reader.ackAll();
      }
      expect(reader.texts).toEqual(texts);
      expect(reader.deliveries.map(({ first }) => first)).toEqual([0, 7, 14, 0, 1, 8, 15, 0, 2, 9, 16]);
    }),

    promise("each sender's order holds while others send", async (stage) => {
      const { broker } = await stage.broker();
      const reader = (await stage.reader(broker)).grant();
      const senders = ["ada", "bob", "cyd"].map((sender) => new Producer(QUEUE.address, sender));
      const published = senders.flatMap((producer) => producer.batches(50, `${producer.sender}/`));
      const interleaved = published.map((_, index) => published[(index % 3) * 50 + Math.floor(index / 3)]!);
      await stage.finish(Promise.all(interleaved.map((batch) => broker.publish(batch))));
      await stage.until("all arrive", () => reader.texts.length >= 150);
      expect(outOfOrder(reader.messages)).toEqual([]);
    }),

    promise("entries are claimed oldest first, however few at a time", async (stage) => {
      const store = await connectTo(stage, QUEUE);
      await appendAll(store, new Producer().batches(25));
      const claimed: string[] = [];
      for (let limit = 1; limit < 8; limit++) {
        const entries = await store.claim(QUEUE, limit);
        expect(entries.length).toBe(Math.min(limit, 25 - claimed.length));
        claimed.push(...entries.flatMap(textsOf));
      }
      expect(claimed).toEqual(Array.from({ length: 25 }, (_, index) => String(index + 1)));
    }),

    promise("entries settled out of order leave the order of the others alone", async (stage) => {
      const store = await connectTo(stage, QUEUE);
      const heir = await connectTo(stage, QUEUE);
      await appendAll(store, new Producer().batches(6));
      const entries = await take(stage, store, QUEUE, 4);
      await store.settle(QUEUE, [removal(entries[3]!), removal(entries[1]!)]);
      await store.close();
      expect((await take(stage, heir, QUEUE, 4)).flatMap(textsOf)).toEqual(["1", "3", "5", "6"]);
    }),

    promise("released messages come again before younger ones", async (stage) => {
      const { broker } = await stage.broker();
      const reader = (await stage.reader(broker)).grant({ messages: 2 });
      await stage.finish(broker.publish(new Producer().batch("a", "b", "c", "d")));
      await stage.until("the first two arrive", () => reader.texts.length === 2);
      reader.settle("release", ["b", "a"]);
      reader.grant();
      await stage.until("all are there", () => reader.texts.length === 6);
      expect(reader.texts).toEqual(["a", "b", "a", "b", "c", "d"]);
    }),
  ],
};
