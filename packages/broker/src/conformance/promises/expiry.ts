import { expect } from "vitest";
import type { DeadLetter, Store } from "../../store.ts";
import { administrationOf } from "../administration.ts";
import { QUEUE } from "../entries.ts";
import { inspectable, stateOf } from "../inspectable.ts";
import { Producer } from "../producer.ts";
import { promise, type PromiseGroup } from "../promise.ts";

const needs = ["inspection"] as const;

const TTL_MS = 400;

function deadLetters(store: Store): Promise<readonly DeadLetter[]> {
  return inspectable(store).deadLetters(QUEUE, 100);
}

/** A message past its `ttlMs` is not handed out any more. Its time is looked at when it would be. */
export const expiry: PromiseGroup = {
  title: "expiry",
  cases: [
    promise(
      "a message past its time is not handed out, and goes to the dead letters with its reason",
      async (stage) => {
        const { broker, store } = await stage.broker();
        const producer = new Producer();
        const timeMs = stage.clock.now() - TTL_MS;
        await stage.finish(broker.publish(producer.batchWith({ ttlMs: TTL_MS }, { body: "late", timeMs })));
        await stage.finish(broker.publish(producer.batch("plain")));
        const reader = (await stage.reader(broker)).grant({ messages: 1 });
        await stage.until("the other arrives", () => reader.texts.length > 0);
        const [dead] = await stage.until("it is a dead letter", async () => {
          const found = await deadLetters(store);
          return found.length > 0 ? found : undefined;
        });
        expect(reader.texts).toEqual(["plain"]);
        expect(dead).toMatchObject({ count: 1, first: 0, attempts: 0 });
        expect(dead?.reason).toBe(
          `expired at ${new Date(timeMs + TTL_MS).toISOString()}, ${TTL_MS} ms after it was sent`,
        );
        expect(await stateOf(store, QUEUE)).toMatchObject({ depth: 1, dead: 1, expired: 0 });
      },
      { needs },
    ),

    promise(
      "a broker that drops expired messages keeps no more of them than their count",
      async (stage) => {
        const { broker, store } = await stage.broker({ expired: "drop" });
        const timeMs = stage.clock.now() - TTL_MS;
        const late = ["a", "b"].map((body) => ({ body, timeMs }));
        await stage.finish(broker.publish(new Producer().batchWith({ ttlMs: TTL_MS }, ...late)));
        const reader = (await stage.reader(broker)).grant();
        await stage.until("they are gone", async () => (await stateOf(store, QUEUE))?.depth === 0);
        expect(await stateOf(store, QUEUE)).toMatchObject({ acked: 0, retried: 0, dead: 0, expired: 2 });
        expect(await deadLetters(store)).toEqual([]);
        expect(reader.texts).toEqual([]);
      },
      { needs },
    ),

    promise(
      "a message within its time is handed out, and stays in its consumer's hands when it is over",
      async (stage) => {
        const { broker } = await stage.broker();
        const reader = (await stage.reader(broker)).grant();
        const timeMs = stage.clock.now();
        // Long enough for a store that is busy.
        await stage.finish(broker.publish(new Producer().batchWith({ ttlMs: 2_000 }, { body: "a", timeMs })));
        await stage.until("it arrives", () => reader.texts.length === 1);
        await stage.until("its time is over", () => stage.clock.now() > timeMs + 2_000);
        await stage.calm();
        expect(reader.revoked).toEqual([]);
        expect(reader.ackAll()).toEqual([]);
      },
    ),

    promise("of one batch those messages expire whose own time is over, and use up no credit", async (stage) => {
      const { broker } = await stage.broker({ expired: "drop" });
      const nowMs = stage.clock.now();
      const ages = { first: 100_000, second: 90_000, third: 0, belated: 95_000, fourth: 0 };
      const messages = Object.entries(ages).map(([body, ageMs]) => ({ body, timeMs: nowMs - ageMs }));
      await stage.finish(broker.publish(new Producer().batchWith({ ttlMs: 80_000 }, ...messages)));
      const reader = (await stage.reader(broker)).grant({ messages: 2 });
      await stage.until("the young arrive", () => reader.texts.length === 2);
      await stage.calm();
      expect(reader.texts).toEqual(["third", "fourth"]);
      expect(reader.messages[0]).toMatchObject({ attempt: 1 });
      expect(reader.ackAll()).toEqual([]);
    }),

    promise(
      "a message that failed, or was given back, is not handed out again past its time",
      async (stage) => {
        const { broker, store } = await stage.broker();
        const reader = (await stage.reader(broker)).grant();
        const timeMs = stage.clock.now();
        const messages = ["failed", "given back"].map((body) => ({ body, timeMs }));
        await stage.finish(broker.publish(new Producer().batchWith({ ttlMs: 2_000 }, ...messages)));
        await stage.until("both arrive", () => reader.texts.length === 2);
        await stage.until("their time is over", () => stage.clock.now() >= timeMs + 2_000);
        reader.settle("fail", ["failed"], { delayMs: 0 });
        reader.settle("release", ["given back"]);
        await stage.until("they are dead letters", async () => (await deadLetters(store)).length === 2);
        expect(new Set((await deadLetters(store)).map(({ attempts }) => attempts))).toEqual(new Set([0, 1]));
        expect(reader.texts).toEqual(["failed", "given back"]);
      },
      { needs },
    ),

    promise(
      "what an operator redrives does not expire any more, however often it fails",
      async (stage) => {
        const { broker, store } = await stage.broker();
        const timeMs = stage.clock.now() - TTL_MS;
        await stage.finish(broker.publish(new Producer().batchWith({ ttlMs: TTL_MS }, { body: "late", timeMs })));
        const reader = (await stage.reader(broker)).grant();
        const redrive = async () => {
          await stage.until("it is a dead letter", async () => (await deadLetters(store)).length === 1);
          expect(await administrationOf(store).redrive(QUEUE, {}, undefined)).toMatchObject({ messages: 1 });
        };
        await redrive();
        await stage.until("it arrives", () => reader.texts.length === 1);
        reader.settle("fail", ["late"], { delayMs: 0 });
        await stage.until("it arrives again", () => reader.texts.length === 2);
        expect(reader.messages.map(({ attempt }) => attempt)).toEqual([1, 2]);
        reader.settle("reject", ["late"], { reason: "too late" });
        await redrive();
        await stage.until("it arrives once more", () => reader.texts.length === 3);
        expect(reader.ackAll()).toEqual([]);
      },
      { needs },
    ),
  ],
};
