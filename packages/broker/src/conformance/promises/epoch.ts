import { expect } from "vitest";
import { connectTo, QUEUE, removal, take, takeNow, textsOf } from "../entries.ts";
import { appendAll, Producer } from "../producer.ts";
import { promise, type PromiseGroup } from "../promise.ts";

const needs = ["wipe"] as const;

/** Loss is made visible: a store that comes back empty begins a new epoch, and goes on. */
export const epoch: PromiseGroup = {
  title: "epoch",
  cases: [
    promise("an address keeps its epoch, whoever asks", async (stage) => {
      const { epoch: opened } = await (await stage.connect()).open(QUEUE, "earliest");
      const here = await stage.broker();
      const there = await stage.broker();
      const reader = await stage.reader(here.broker);
      const producer = new Producer();
      const first = await stage.finish(here.broker.publish(producer.batch("a")));
      const second = await stage.finish(there.broker.publish(producer.batch("b")));
      expect(opened).not.toBe("");
      expect(first.epoch).toBe(opened);
      expect(second.epoch).toBe(first.epoch);
      expect(reader.subscription.epoch).toBe(first.epoch);
      expect((await stage.reader(there.broker, { consumer: "consumer-02" })).subscription.epoch).toBe(first.epoch);
    }),

    promise(
      "after a loss receipts and new subscriptions carry a new epoch",
      async (stage) => {
        const { broker } = await stage.broker();
        const before = await stage.finish(broker.publish(new Producer().batch("a")));
        await stage.wipe();
        const after = await stage.finish(broker.publish(new Producer().batch("b")));
        expect(after.epoch).not.toBe(before.epoch);
        expect((await stage.reader(broker)).subscription.epoch).toBe(after.epoch);
      },
      { needs },
    ),

    promise(
      "a consumer is told of the new epoch, and goes on with what comes after the loss",
      async (stage) => {
        const { broker } = await stage.broker();
        const reader = (await stage.reader(broker)).grant();
        const before = await stage.finish(broker.publish(new Producer().batch("before")));
        await stage.until("it arrives", () => reader.texts.length === 1);
        await stage.wipe();
        const after = await stage.finish(broker.publish(new Producer().batch("after")));
        await stage.until("the next arrives", () => reader.texts.includes("after"));
        await stage.until("the epoch is told", () => reader.epochs.length > 0);
        expect(reader.subscription.epoch).toBe(before.epoch);
        expect(reader.epochs).toEqual([after.epoch]);
      },
      { needs },
    ),

    promise(
      "what was claimed before a loss, and is handed out after it, says that it may come twice",
      async (stage) => {
        const { broker } = await stage.broker();
        const reader = (await stage.reader(broker)).grant({ messages: 1 });
        await stage.finish(broker.publish(new Producer().batch("a", "b")));
        await stage.until("one arrives", () => reader.texts.length === 1);
        await stage.wipe();
        await stage.until("the epoch is told", () => reader.epochs.length > 0);
        reader.grant({ messages: 1 });
        await stage.until("the other arrives", () => reader.texts.length === 2);
        expect(reader.messages.map(({ text, redelivered }) => [text, redelivered])).toEqual([
          ["a", false],
          ["b", true],
        ]);
      },
      { needs },
    ),

    promise(
      "a topic's subscription that was lost begins again with the first message after the loss",
      async (stage) => {
        const billing = { address: "topic:orders", subscription: "billing" };
        const audit = { address: "topic:orders", subscription: "audit" };
        const store = await stage.connect();
        for (const name of [billing, audit]) await store.open(name, "latest");
        await stage.wipe();
        await appendAll(store, [new Producer("topic:orders").batch("after")]);
        expect((await take(stage, store, audit, 1)).flatMap(textsOf), "look-round first").toEqual(["after"]);
        // A claim may come first, for an append wakes those who wait; it may leave the loss to the look-round.
        const claimed = await store.claim(billing, 10).catch(() => []);
        const taken = claimed.length > 0 ? claimed : await take(stage, store, billing, 1);
        expect(taken.flatMap(textsOf), "claim first").toEqual(["after"]);
      },
      { needs },
    ),

    promise(
      "an outcome from before the loss settles nothing that came after it",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        await appendAll(store, [new Producer().batch("before")]);
        const [old] = await take(stage, store, QUEUE, 1);
        await stage.wipe();
        await appendAll(store, [new Producer().batch("after")]);
        const [young] = await take(stage, store, QUEUE, 1);
        expect(await store.settle(QUEUE, [removal(old!)])).toEqual([old!.ref]);
        expect(await store.settle(QUEUE, [removal(young!)])).toEqual([]);
      },
      { needs },
    ),

    promise(
      "a living producer's next batch shows what was lost: it is a gap from 1",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        const [one, two] = new Producer().batches(2);
        await appendAll(store, [one!]);
        await stage.wipe();
        const [result] = await store.append([two!], "accepted");
        expect(result).toMatchObject({ ok: false, error: { code: "FAILED_PRECONDITION", expectedSequence: 1 } });
        await appendAll(store, [one!, two!]);
        expect((await take(stage, store, QUEUE, 2)).flatMap(textsOf)).toEqual(["1", "2"]);
        expect(await takeNow(store, QUEUE)).toEqual([]);
      },
      { needs },
    ),
  ],
};
