import { expect } from "vitest";
import { KeyWatch } from "../key-watch.ts";
import { Producer } from "../producer.ts";
import { promise, type PromiseGroup } from "../promise.ts";
import type { Reader } from "../reader.ts";
import type { Stage } from "../stage.ts";

const leaseMs = 200;

/** Joins as a new consumer, waits for `count` messages and returns with them in its hands. */
async function hold(stage: Stage, broker: Parameters<Stage["reader"]>[0], count: number): Promise<Reader> {
  const reader = (await stage.reader(broker)).grant();
  await stage.until(`${count} arrive`, () => reader.texts.length === count);
  return reader;
}

/** A crash of a consumer counts for what it held. A poisonous message cannot take its neighbours along for ever. */
export const crashAndPoison: PromiseGroup = {
  title: "crash and poison",
  cases: [
    promise("a crash counts as a failure of what was held, which is retried with backoff", async (stage) => {
      const { broker } = await stage.broker();
      const crashing = await stage.reader(broker);
      const other = await stage.reader(broker, { consumer: "consumer-02" });
      crashing.grant();
      await stage.finish(broker.publish(new Producer().batch("a", "b", "c")));
      await stage.until("all arrive", () => crashing.texts.length === 3);
      crashing.settle("ack", ["b"]);
      other.grant();
      const crashedMs = stage.clock.now();
      crashing.subscription.crash();
      await stage.until("the others come again", () => other.texts.length === 2);
      expect(stage.clock.now() - crashedMs).toBeGreaterThanOrEqual(75);
      expect(other.messages.map(({ text, attempt }) => `${text}${attempt}`).toSorted()).toEqual(["a2", "c2"]);
      await stage.until("the crashed one's iteration ends", () => crashing.end);
    }),

    promise("a crash of the last consumer counts as well", async (stage) => {
      const { broker } = await stage.broker();
      await stage.finish(broker.publish(new Producer().batch("a")));
      (await hold(stage, broker, 1)).subscription.crash();
      const next = await hold(stage, broker, 1);
      expect(next.messages[0]).toMatchObject({ text: "a", attempt: 2 });
    }),

    promise("a consumer silent for longer than its lease is taken for dead", async (stage) => {
      const { broker } = await stage.broker();
      const silent = (await stage.reader(broker, { leaseMs })).grant();
      await stage.finish(broker.publish(new Producer().batch("a")));
      await stage.until("it arrives", () => silent.texts.length === 1);
      const other = (await stage.reader(broker, { consumer: "consumer-02" })).grant();
      await stage.until("another has it", () => other.texts.length === 1);
      expect(other.messages[0]).toMatchObject({ text: "a", attempt: 2 });
      expect(silent.settle("ack", ["a"]).map(({ error }) => error.code)).toEqual(["FAILED_PRECONDITION"]);
      expect(silent.end).toMatchObject({ error: { code: "ABORTED" } });
    }),

    promise("a sign of life keeps the lease, however long the handling takes", async (stage) => {
      const { broker } = await stage.broker();
      const slow = (await stage.reader(broker, { leaseMs })).grant();
      await stage.finish(broker.publish(new Producer().batch("a")));
      await stage.until("it arrives", () => slow.texts.length === 1);
      const sinceMs = stage.clock.now();
      await stage.until("three leases are over", () => {
        slow.subscription.renew();
        return stage.clock.now() - sinceMs > 3 * leaseMs;
      });
      expect(slow.ackAll()).toEqual([]);
      expect(slow.end).toBeUndefined();
    }),

    promise(
      "after a second crash each message goes on alone, so that a poisonous one leaves its neighbours",
      async (stage) => {
        const { broker } = await stage.broker({ retryPolicy: { maxAttempts: 4, minDelayMs: 10, maxDelayMs: 20 } });
        await stage.finish(broker.publish(new Producer().batch("a", "poison", "c")));
        (await hold(stage, broker, 3)).subscription.crash();
        const second = await hold(stage, broker, 3);
        expect(second.deliveries).toHaveLength(1);
        second.subscription.crash();
        const seen: string[] = [];
        while (seen.length < 4) {
          const reader = await hold(stage, broker, 1);
          await stage.calm();
          expect(reader.deliveries).toMatchObject([{ count: 1 }]);
          const [{ text, attempt } = { text: "", attempt: 0 }] = reader.messages;
          seen.push(`${text} ${attempt}`);
          if (text === "poison" && attempt === 3) reader.subscription.crash();
          else reader.ackAll();
          await stage.finish(reader.subscription.close());
        }
        expect(seen.toSorted()).toEqual(["a 3", "c 3", "poison 3", "poison 4"]);
      },
    ),

    promise("a message that crashes everyone who holds it takes no other to the dead letters", async (stage) => {
      const { broker } = await stage.broker({ retryPolicy: { maxAttempts: 5, minDelayMs: 0, maxDelayMs: 1 } });
      const producer = new Producer();
      const innocent = ["a", "b", "c", "d"];
      const handled: string[] = [];
      for (const text of ["poison", ...innocent]) await stage.finish(broker.publish(producer.batch(text)));
      let crashes = 0;
      while (handled.length < innocent.length || crashes < 5) {
        const reader = (await stage.reader(broker)).grant();
        await stage.until("something arrives", () => reader.texts.length > 0);
        await stage.calm();
        if (reader.texts.includes("poison")) {
          crashes++;
          reader.subscription.crash();
          continue;
        }
        handled.push(...reader.texts);
        reader.ackAll();
        await stage.finish(reader.subscription.close());
      }
      expect(handled.toSorted()).toEqual(innocent);
    }),

    promise(
      "a message of an ordering key that crashes everyone who holds it takes no other key's to the dead letters",
      async (stage) => {
        const retryPolicy = { maxAttempts: 5, minDelayMs: 0, maxDelayMs: 1 };
        const brokers = [await stage.broker({ retryPolicy }), await stage.broker({ retryPolicy })];
        const producer = new Producer();
        const innocent = ["red", "blue"].flatMap((key) => [`${key}/1`, `${key}/2`]);
        await stage.finish(brokers[0]!.broker.publish(producer.ordered("poisoned", "poisoned/1", "poisoned/2")));
        for (const text of innocent) {
          await stage.finish(brokers[0]!.broker.publish(producer.ordered(text.slice(0, text.indexOf("/")), text)));
        }
        const watch = new KeyWatch();
        const handled: string[] = [];
        let crashes = 0;
        while (handled.length <= innocent.length) {
          const reader = await stage.reader(brokers[crashes % brokers.length]!.broker);
          reader.onMessage = (message) => watch.note(message, reader);
          reader.grant();
          await stage.until("something arrives", () => reader.texts.length > 0);
          await stage.calm();
          if (reader.texts.includes("poisoned/1")) {
            crashes++;
            watch.end(reader.open, "crash", retryPolicy.maxAttempts);
            reader.subscription.crash();
            continue;
          }
          handled.push(...reader.texts);
          watch.end(reader.open, "ack", retryPolicy.maxAttempts);
          reader.ackAll();
          await stage.finish(reader.subscription.close());
        }
        expect(crashes).toBe(retryPolicy.maxAttempts);
        expect(handled.toSorted()).toEqual([...innocent, "poisoned/2"].toSorted());
        expect(watch.overtakers).toEqual([]);
      },
    ),

    promise("a crash counts for no suspect on which its consumer had not begun", async (stage) => {
      const retryPolicy = { maxAttempts: 3, minDelayMs: 0, maxDelayMs: 0 };
      const brokers = [await stage.broker({ retryPolicy }), await stage.broker({ retryPolicy })];
      const producer = new Producer();
      await stage.finish(brokers[0]!.broker.publish(producer.batch("suspect")));
      for (let crashes = 0; crashes < 6; crashes++) {
        const reader = await stage.reader(brokers[crashes % 2]!.broker, { beginsSuspects: true });
        reader.grant();
        await stage.until("it arrives", () => reader.texts.length === 1);
        expect(reader.messages[0]).toMatchObject({ attempt: Math.min(crashes + 1, 3) });
        expect(reader.deliveries[0]).toMatchObject({ suspect: crashes >= 2 });
        if (crashes === 5) reader.subscription.begin([1]);
        reader.subscription.crash();
      }
      await stage.finish(brokers[0]!.broker.publish(producer.batch("next")));
      const last = await hold(stage, brokers[0]!.broker, 1);
      await stage.calm();
      expect(last.texts).toEqual(["next"]);
    }),

    promise("a message that crashes its consumer every time is given up in the end", async (stage) => {
      const { broker } = await stage.broker({ retryPolicy: { maxAttempts: 2, minDelayMs: 0, maxDelayMs: 0 } });
      const producer = new Producer();
      await stage.finish(broker.publish(producer.batch("poison")));
      (await hold(stage, broker, 1)).subscription.crash();
      (await hold(stage, broker, 1)).subscription.crash();
      await stage.finish(broker.publish(producer.batch("next")));
      const last = await hold(stage, broker, 1);
      await stage.calm();
      expect(last.texts).toEqual(["next"]);
    }),
  ],
};
