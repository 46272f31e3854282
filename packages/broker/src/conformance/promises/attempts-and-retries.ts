import { expect } from "vitest";
import { connectTo, progress, QUEUE, removal, retryOf, take, takeNow, textsOf } from "../entries.ts";
import { appendAll, Producer } from "../producer.ts";
import { promise, type PromiseGroup } from "../promise.ts";
import { STAGE_RETRY_POLICY } from "../stage.ts";

/** `attempt` is 1 + failures counted. A failed message is tried again, alone and later; its neighbours are not. */
export const attemptsAndRetries: PromiseGroup = {
  title: "attempts and retries",
  cases: [
    promise("a failed message comes again alone, with its id, and its attempt counted", async (stage) => {
      const { broker } = await stage.broker();
      const reader = (await stage.reader(broker)).grant();
      await stage.finish(broker.publish(new Producer().batch("a", "b", "c")));
      await stage.until("all arrive", () => reader.texts.length === 3);
      reader.settle("fail", ["b"], { delayMs: 0 });
      reader.settle("ack", ["a", "c"]);
      await stage.until("b comes again", () => reader.texts.length === 4);
      await stage.calm();
      expect(reader.texts).toEqual(["a", "b", "c", "b"]);
      expect(reader.deliveries[1]).toMatchObject({ number: 2, attempt: 2, first: 1, count: 1 });
      expect(reader.messages[3]?.id).toBe(reader.messages[1]?.id);
      expect(reader.ackAll()).toEqual([]);
    }),

    promise("a failed message comes again after the delay its outcome named, and not before", async (stage) => {
      const { broker } = await stage.broker();
      const reader = (await stage.reader(broker)).grant();
      await stage.finish(broker.publish(new Producer().batch("a")));
      await stage.until("it arrives", () => reader.texts.length === 1);
      const failedMs = stage.clock.now();
      reader.settle("fail", ["a"], { delayMs: 250 });
      await stage.until("it comes again", () => reader.texts.length === 2);
      expect(stage.clock.now() - failedMs).toBeGreaterThanOrEqual(245);
    }),

    promise("without a delay the retry policy decides, longer with each attempt", async (stage) => {
      const { broker } = await stage.broker({ retryPolicy: { maxAttempts: 3, minDelayMs: 60, maxDelayMs: 1_000 } });
      const reader = (await stage.reader(broker)).grant();
      await stage.finish(broker.publish(new Producer().batch("a")));
      const waitedMs: number[] = [];
      for (const attempt of [1, 2]) {
        await stage.until("it arrives", () => reader.texts.length === attempt);
        const failedMs = stage.clock.now();
        reader.settle("fail", ["a"]);
        await stage.until("it comes again", () => reader.texts.length === attempt + 1);
        waitedMs.push(stage.clock.now() - failedMs);
      }
      expect(reader.messages.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
      // The stage draws the longest delay each time: twice, then four times the shortest.
      expect(waitedMs[0]).toBeGreaterThanOrEqual(115);
      expect(waitedMs[1]).toBeGreaterThanOrEqual(235);
    }),

    promise("a message that fails every time is handed out maxAttempts times, and no more", async (stage) => {
      const { broker } = await stage.broker();
      const reader = (await stage.reader(broker)).grant();
      await stage.finish(broker.publish(new Producer().batch("a")));
      for (let attempt = 1; attempt <= STAGE_RETRY_POLICY.maxAttempts; attempt++) {
        await stage.until("it arrives", () => reader.texts.length === attempt);
        reader.settle("fail", ["a"], { delayMs: 0 });
      }
      await stage.calm();
      expect(reader.messages.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    }),

    promise("a retry outlives the broker that scheduled it", async (stage) => {
      const failing = await stage.broker();
      const reader = (await stage.reader(failing.broker)).grant();
      await stage.finish(failing.broker.publish(new Producer().batch("a", "b")));
      await stage.until("both arrive", () => reader.texts.length === 2);
      reader.settle("fail", ["a"], { delayMs: 1_000 });
      reader.settle("ack", ["b"]);
      await stage.calm();
      await stage.kill(failing.store);
      const heir = await stage.broker();
      const next = (await stage.reader(heir.broker)).grant();
      await stage.until("the retry arrives", () => next.texts.length === 1);
      expect(next.messages[0]).toMatchObject({ text: "a", attempt: 2, redelivered: false });
    }),

    promise("a retry cannot be had before it is due, and the store tells when that is", async (stage) => {
      const store = await connectTo(stage, QUEUE);
      await appendAll(store, [new Producer().batch("a", "b")]);
      const [entry] = await take(stage, store, QUEUE, 1);
      const settledMs = stage.clock.now();
      await store.settle(QUEUE, [removal(entry!, { retries: [retryOf(entry!, 1, 200), retryOf(entry!, 0, 2_000)] })]);
      expect(await takeNow(store, QUEUE)).toEqual([]);
      const { nextRetryMs } = await store.sweep(QUEUE, 10);
      expect(nextRetryMs).toBeGreaterThan(0);
      expect(nextRetryMs).toBeLessThanOrEqual(200);
      const [again] = await take(stage, store, QUEUE, 1);
      expect(stage.clock.now() - settledMs).toBeGreaterThanOrEqual(195);
      expect(again).toMatchObject({ first: 1, count: 1, attempt: 2, settled: [] });
      expect(textsOf(again!)).toEqual(["b"]);
    }),

    promise("no retry waits: the store says so", async (stage) => {
      const store = await connectTo(stage, QUEUE);
      await appendAll(store, [new Producer().batch("a")]);
      expect((await store.sweep(QUEUE, 10)).nextRetryMs).toBeUndefined();
    }),

    promise("a retry of one subscription's is no other subscription's message", async (stage) => {
      const billing = { address: "topic:orders", subscription: "billing" };
      const audit = { address: "topic:orders", subscription: "audit" };
      const store = await connectTo(stage, billing);
      await store.open(audit, "earliest");
      await appendAll(store, [new Producer("topic:orders").batch("a")]);
      const [entry] = await take(stage, store, billing, 1);
      await store.settle(billing, [removal(entry!, { retries: [retryOf(entry!, 0, 0)] })]);
      expect((await take(stage, store, billing, 1)).map(({ attempt }) => attempt)).toEqual([2]);
      expect((await takeNow(store, audit)).map(({ attempt }) => attempt)).toEqual([1]);
    }),

    promise("retries written while the rest of their entry is kept leave it owned", async (stage) => {
      const store = await connectTo(stage, QUEUE);
      await appendAll(store, [new Producer().batch("a", "b")]);
      const [entry] = await take(stage, store, QUEUE, 1);
      const noted = progress(entry!, "keep", [{ from: 0, to: 1 }], { retries: [retryOf(entry!, 0, 0)] });
      expect(await store.settle(QUEUE, [noted])).toEqual([]);
      expect((await take(stage, store, QUEUE, 1)).flatMap(textsOf)).toEqual(["a"]);
      expect(await store.settle(QUEUE, [removal(entry!)])).toEqual([]);
    }),
  ],
};
