import { expect } from "vitest";
import type { SubscribeOptions } from "../../broker.ts";
import { Producer } from "../producer.ts";
import { promise, type PromiseGroup } from "../promise.ts";

const address = "topic:orders";

/** A topic gives every message to each of its subscriptions; what one does is no concern of the others. */
export const publishSubscribe: PromiseGroup = {
  title: "publish-subscribe",
  cases: [
    promise("each subscription of a topic gets every message", async (stage) => {
      const { broker } = await stage.broker();
      const readers = await Promise.all(
        ["billing", "audit", "search"].map((subscription) => stage.reader(broker, { address, subscription })),
      );
      for (const reader of readers) reader.grant();
      const producer = new Producer(address);
      await stage.finish(Promise.all(producer.batches(20).map((batch) => broker.publish(batch))));
      await stage.until("all have all", () => readers.every((reader) => reader.texts.length >= 20));
      for (const reader of readers) expect(reader.texts).toEqual(Array.from({ length: 20 }, (_, n) => String(n + 1)));
    }),

    promise("what one subscription settles or fails, the others do not notice", async (stage) => {
      const { broker } = await stage.broker();
      const billing = (await stage.reader(broker, { address, subscription: "billing" })).grant();
      const audit = await stage.reader(broker, { address, subscription: "audit" });
      await stage.finish(broker.publish(new Producer(address).batch("a", "b")));
      await stage.until("billing has both", () => billing.texts.length === 2);
      billing.settle("ack", ["a"]);
      billing.settle("fail", ["b"], { delayMs: 0 });
      await stage.until("b comes again", () => billing.texts.length === 3);
      audit.grant();
      await stage.until("audit has both", () => audit.texts.length === 2);
      await stage.calm();
      expect(audit.messages.map(({ text, attempt, redelivered }) => ({ text, attempt, redelivered }))).toEqual([
        { text: "a", attempt: 1, redelivered: false },
        { text: "b", attempt: 1, redelivered: false },
      ]);
    }),

    promise("a new subscription of a topic begins with what is published from then on", async (stage) => {
      const { broker } = await stage.broker();
      const producer = new Producer(address);
      await stage.finish(broker.publish(producer.batch("before")));
      const reader = (await stage.reader(broker, { address, subscription: "billing" })).grant();
      await stage.finish(broker.publish(producer.batch("after")));
      await stage.until("the later one arrives", () => reader.texts.includes("after"));
      expect(reader.texts).toEqual(["after"]);
    }),

    promise("a new subscription that asks for the earliest begins with all that the topic keeps", async (stage) => {
      const { broker } = await stage.broker();
      const producer = new Producer(address);
      await stage.finish(Promise.all([broker.publish(producer.batch("1")), broker.publish(producer.batch("2"))]));
      const settled = (await stage.reader(broker, { address, subscription: "audit", startFrom: "earliest" })).grant();
      await stage.until("one has both", () => settled.texts.length === 2);
      settled.ackAll();
      await stage.finish(settled.subscription.close());
      const reader = (await stage.reader(broker, { address, subscription: "billing", startFrom: "earliest" })).grant();
      await stage.until("the other has both as well", () => reader.texts.length === 2);
      expect(reader.texts).toEqual(["1", "2"]);
    }),

    promise("a consumer is told whether its topic's subscription was there before it", async (stage) => {
      const { broker, store } = await stage.broker();
      const name = { address, subscription: "billing" };
      const subscribe = async (from: typeof broker, more: Partial<SubscribeOptions> = {}) =>
        (await stage.finish(from.subscribe({ ...name, consumer: "one", startFrom: "earliest", ...more }))).resumed;
      expect(await subscribe(broker)).toBe(false);
      expect(await subscribe(broker, { consumer: "two" })).toBe(true);
      const other = await stage.broker();
      expect(await subscribe(other.broker)).toBe(true);
      expect(await subscribe(other.broker, { subscription: "audit", startFrom: "latest" })).toBe(false);
      const timed = { ...name, subscription: "timed" };
      const opened = [await store.open(timed, { timeMs: 1 }), await store.open(timed, { timeMs: 1 })];
      expect(opened.map(({ created }) => created)).toEqual([true, false]);
    }),

    promise("a receiver begins with its earliest message, whatever it asks for", async (stage) => {
      const { broker } = await stage.broker();
      await stage.finish(broker.publish(new Producer().batch("before")));
      const reader = (await stage.reader(broker, { startFrom: "latest" })).grant();
      await stage.until("it arrives", () => reader.texts.length > 0);
      expect(reader.texts).toEqual(["before"]);
    }),

    promise("a subscription outlives its consumers: it goes on where it stands", async (stage) => {
      const producer = new Producer(address);
      const { broker } = await stage.broker();
      const first = (await stage.reader(broker, { address, subscription: "billing" })).grant();
      await stage.finish(broker.publish(producer.batch("1")));
      await stage.until("the first arrives", () => first.texts.length === 1);
      first.ackAll();
      await stage.finish(first.subscription.close());
      await stage.finish(broker.publish(producer.batch("2")));
      const other = await stage.broker();
      const second = (await stage.reader(other.broker, { address, subscription: "billing" })).grant();
      await stage.until("the second arrives", () => second.texts.length === 1);
      await stage.calm();
      expect(second.texts).toEqual(["2"]);
    }),

    promise("addresses of the same name and of different kinds have nothing to do with each other", async (stage) => {
      const { broker } = await stage.broker();
      const receiver = (await stage.reader(broker, { address: "receiver:orders" })).grant();
      const topic = (await stage.reader(broker, { address, subscription: "billing" })).grant();
      await stage.finish(broker.publish(new Producer("receiver:orders").batch("direct")));
      await stage.finish(broker.publish(new Producer(address).batch("for all")));
      await stage.until("each has one", () => receiver.texts.length > 0 && topic.texts.length > 0);
      await stage.calm();
      expect([receiver.texts, topic.texts]).toEqual([["direct"], ["for all"]]);
    }),
  ],
};
