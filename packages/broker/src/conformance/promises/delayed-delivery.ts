import { type Batch, messageIdAt } from "@chappe/message";
import { expect } from "vitest";
import { isSchedulable, type Schedulable } from "../../schedulable.ts";
import type { Store } from "../../store.ts";
import { connectTo, QUEUE, takeNow, textsOf } from "../entries.ts";
import { inspectable } from "../inspectable.ts";
import { appendAll, Producer } from "../producer.ts";
import { promise, type PromiseGroup } from "../promise.ts";
import type { Stage } from "../stage.ts";

const needs = ["scheduling"] as const;

/** Long enough to be asked for before it is over. */
const SOON_MS = 800;
const LATER_MS = 60_000;

function delayed(stage: Stage, producer: Producer, body: string, delayMs: number, id?: string): Batch {
  const nowMs = stage.clock.now();
  const message = { body, timeMs: nowMs, ...(id !== undefined && { id }) };
  return producer.batchWith({ deliverAtMs: nowMs + delayMs }, message);
}

function schedulable(store: Store): Store & Schedulable {
  if (!isSchedulable(store)) throw new Error('the store declares "scheduling" but is not Schedulable');
  return store;
}

/** A message with `deliverAt` is stored at once, handed out when its time has come, and can be taken back until then. */
export const delayedDelivery: PromiseGroup = {
  title: "delayed delivery",
  cases: [
    promise(
      "a delayed message is handed out when its time has come, and not before; others pass it",
      async (stage) => {
        const { broker } = await stage.broker();
        const reader = (await stage.reader(broker)).grant();
        const producer = new Producer();
        const batch = delayed(stage, producer, "delayed", SOON_MS);
        expect(await stage.finish(broker.publish(batch))).toMatchObject({ duplicate: false });
        await stage.finish(broker.publish(producer.batch("younger")));
        await stage.until("the delayed one arrives", () => reader.texts.length === 2);
        expect(stage.clock.now()).toBeGreaterThanOrEqual(batch.header.deliverAtMs);
        expect(reader.texts).toEqual(["younger", "delayed"]);
        expect(reader.messages[1]).toMatchObject({ attempt: 1, redelivered: false });
        expect(reader.ackAll()).toEqual([]);
      },
      { needs },
    ),

    promise(
      "a time that is over already is at once",
      async (stage) => {
        const { broker } = await stage.broker();
        const reader = (await stage.reader(broker)).grant();
        const producer = new Producer();
        await stage.finish(broker.publish(delayed(stage, producer, "1", -1_000)));
        await stage.finish(broker.publish(producer.batch("2")));
        await stage.until("both arrive", () => reader.texts.length === 2);
        expect(reader.texts).toEqual(["1", "2"]);
      },
      { needs },
    ),

    promise(
      "a delayed message outlives the broker that took it, and is handed out by any other",
      async (stage) => {
        const taking = await stage.broker();
        await stage.finish(taking.broker.publish(delayed(stage, new Producer(), "x".repeat(100_000), SOON_MS)));
        await stage.kill(taking.store);
        const { broker } = await stage.broker();
        const reader = (await stage.reader(broker)).grant();
        await stage.until("it arrives", () => reader.texts.length === 1);
        expect(reader.texts[0]).toHaveLength(100_000);
      },
      { needs },
    ),

    promise(
      "delayed messages come in the order of their times, each once, however many brokers look",
      async (stage) => {
        const brokers = [await stage.broker(), await stage.broker(), await stage.broker()];
        const readers = await Promise.all(brokers.map(async ({ broker }) => (await stage.reader(broker)).grant()));
        const producer = new Producer();
        const bodies = Array.from({ length: 30 }, (_, n) => String(n));
        const nowMs = stage.clock.now();
        const batches = bodies.map((body, n) =>
          producer.batchWith({ deliverAtMs: nowMs + SOON_MS + ((n * 7) % 30) * 10 }, { body, timeMs: nowMs }),
        );
        await stage.finish(Promise.all(batches.map((batch) => brokers[0]!.broker.publish(batch))));
        const arrived = () => readers.flatMap(({ texts }) => texts);
        await stage.until("all arrive", () => arrived().length >= bodies.length);
        await stage.calm();
        expect(arrived().toSorted()).toEqual(bodies.toSorted());
        for (const { texts } of readers) {
          const times = texts.map((text) => batches[Number(text)]!.header.deliverAtMs);
          expect(times).toEqual(times.toSorted((a, b) => a - b));
        }
      },
      { needs },
    ),

    promise(
      "a topic's delayed message reaches the subscriptions that exist when its time comes, read or not",
      async (stage) => {
        const there = { address: "topic:orders", subscription: "there" };
        const store = await connectTo(stage, there);
        await appendAll(store, [delayed(stage, new Producer("topic:orders"), "a", SOON_MS)]);
        await store.open({ ...there, subscription: "made meanwhile" }, "latest");
        await stage.advance(SOON_MS + 50);
        const tooLate = { ...there, subscription: "too late" };
        await store.open(tooLate, "latest");
        expect((await takeNow(store, there)).flatMap(textsOf)).toEqual(["a"]);
        expect((await takeNow(store, { ...there, subscription: "made meanwhile" })).flatMap(textsOf)).toEqual(["a"]);
        expect(await takeNow(store, tooLate)).toEqual([]);
      },
      { needs },
    ),

    promise(
      "a look-round tells when the next delayed message falls due",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        const producer = new Producer();
        await appendAll(store, [delayed(stage, producer, "b", LATER_MS), delayed(stage, producer, "a", 5_000)]);
        const { entries, nextRetryMs } = await store.sweep(QUEUE, 10);
        expect(entries).toEqual([]);
        expect(nextRetryMs).toBeGreaterThan(0);
        expect(nextRetryMs).toBeLessThanOrEqual(5_000);
      },
      { needs },
    ),

    promise(
      "a delayed batch sent again is stored once, by its sequence and by its deduplication id",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        const producer = new Producer();
        const batch = delayed(stage, producer, "a", SOON_MS);
        const nowMs = stage.clock.now();
        const options = { deliverAtMs: nowMs + SOON_MS, deduplicationId: "d" };
        const [once, again] = [new Producer(), new Producer()].map((one) =>
          one.batchWith(options, { body: "b", timeMs: nowMs }),
        );
        const results = await store.append([batch, batch, once!, again!, producer.batch("c")], "accepted");
        expect(results.map((result) => result.ok && result.duplicate)).toEqual([false, true, false, true, false]);
        await stage.advance(SOON_MS + 50);
        const texts = (await takeNow(store, QUEUE)).flatMap(textsOf);
        texts.push(...(await takeNow(store, QUEUE)).flatMap(textsOf));
        expect(texts.toSorted()).toEqual(["a", "b", "c"]);
      },
      { needs },
    ),

    promise(
      "a delayed message taken back reaches nobody, and is taken back once",
      async (stage) => {
        const { broker, store } = await stage.broker();
        const reader = (await stage.reader(broker)).grant();
        const producer = new Producer();
        const back = delayed(stage, producer, "taken back", SOON_MS);
        await stage.finish(broker.publish(back));
        await stage.finish(broker.publish(delayed(stage, producer, "kept", SOON_MS)));
        const id = messageIdAt(back.header.firstId, 0);
        const cancel = () => stage.finish(broker.cancel(QUEUE.address, producer.sender, id));
        expect(await cancel()).toBe(true);
        expect(await cancel()).toBe(false);
        await stage.until("the other arrives", () => reader.texts.length > 0);
        await stage.calm();
        expect(reader.texts).toEqual(["kept"]);
        expect(schedulable(store)).toBeDefined();
      },
      { needs },
    ),

    promise(
      "a deduplication id is free again when its delayed message was taken back",
      async (stage) => {
        const store = schedulable(await connectTo(stage, QUEUE));
        const nowMs = stage.clock.now();
        const options = { deliverAtMs: nowMs + SOON_MS, deduplicationId: "invoice 7" };
        const append = async (body: string) => {
          const [result] = await store.append(
            [new Producer().batchWith(options, { body, id: body, timeMs: nowMs })],
            "accepted",
          );
          return result;
        };
        expect(await append("one")).toMatchObject({ ok: true, duplicate: false });
        expect(await store.cancel(QUEUE.address, "sender-02", "one")).toBe(false);
        expect(await append("repeated")).toMatchObject({ ok: true, duplicate: true, originalId: "one" });
        expect(await store.cancel(QUEUE.address, "sender-01", "one")).toBe(true);
        expect(await append("two")).toMatchObject({ ok: true, duplicate: false });
        expect(await append("three")).toMatchObject({ ok: true, duplicate: true, originalId: "two" });
        await stage.advance(SOON_MS + 50);
        expect((await takeNow(store, QUEUE)).flatMap(textsOf)).toEqual(["two"]);
      },
      { needs },
    ),

    promise(
      "a delayed message is taken back by its sender alone, at its address, and before its time",
      async (stage) => {
        const store = schedulable(await connectTo(stage, QUEUE));
        await appendAll(store, [delayed(stage, new Producer(), "a", SOON_MS, "reminder 7")]);
        expect(await store.cancel(QUEUE.address, "sender-02", "reminder 7")).toBe(false);
        expect(await store.cancel("receiver:other", "sender-01", "reminder 7")).toBe(false);
        expect(await store.cancel(QUEUE.address, "sender-01", "reminder 8")).toBe(false);
        await stage.advance(SOON_MS + 50);
        expect((await takeNow(store, QUEUE)).flatMap(textsOf)).toEqual(["a"]);
        expect(await store.cancel(QUEUE.address, "sender-01", "reminder 7")).toBe(false);
      },
      { needs },
    ),

    promise(
      "of one sender's messages of the same id one is delayed at an address at a time",
      async (stage) => {
        const store = schedulable(await connectTo(stage, QUEUE));
        const of = (body: string, sender = "sender-01") =>
          delayed(stage, new Producer(QUEUE.address, sender), body, SOON_MS, "reminder");
        await appendAll(store, [of("first"), of("of another", "sender-02")]);
        const [refused] = await store.append([of("second")], "accepted");
        expect(refused).toMatchObject({ ok: false, error: { code: "ALREADY_EXISTS", retryable: false } });
        expect(await store.cancel(QUEUE.address, "sender-01", "reminder")).toBe(true);
        await appendAll(store, [of("third")]);
        await stage.advance(SOON_MS + 50);
        const texts = (await takeNow(store, QUEUE)).flatMap(textsOf);
        expect(texts.toSorted()).toEqual(["of another", "third"]);
      },
      { needs },
    ),

    promise(
      "a delayed message is counted apart, and as published when its time has come",
      async (stage) => {
        const store = schedulable(await connectTo(stage, QUEUE));
        const [soon, later] = [SOON_MS, LATER_MS].map((ms) => delayed(stage, new Producer(), "abc", ms));
        await appendAll(store, [soon!, later!]);
        expect(await inspectable(store).inspect(QUEUE.address)).toMatchObject({
          published: 0,
          publishedBytes: 0,
          delayed: 2,
          subscriptions: [{ depth: 0, oldestAgeMs: undefined }],
        });
        await stage.advance(SOON_MS + 50);
        await store.sweep(QUEUE, 0);
        expect(await inspectable(store).inspect(QUEUE.address)).toMatchObject({
          published: 1,
          publishedBytes: soon!.records.length,
          delayed: 1,
          subscriptions: [{ depth: 1 }],
        });
        await store.cancel(QUEUE.address, "sender-01", messageIdAt(later!.header.firstId, 0));
        expect(await inspectable(store).inspect(QUEUE.address)).toMatchObject({ published: 1, delayed: 0 });
      },
      { needs: ["scheduling", "inspection"] },
    ),

    promise(
      "a time that cannot be is refused: more than a year ahead, or when the message expires, or beside an ordering key",
      async (stage) => {
        const { broker } = await stage.broker();
        const timeMs = stage.clock.now();
        const publish = (options: Parameters<Producer["batchWith"]>[0]) =>
          broker.publish(new Producer().batchWith(options, { body: "a", timeMs }));
        const refused = (text: RegExp) => ({
          code: "INVALID_ARGUMENT",
          message: expect.stringMatching(text) as string,
        });
        const yearMs = 365 * 86_400_000;
        await expect(publish({ deliverAtMs: timeMs + yearMs + LATER_MS })).rejects.toMatchObject(
          refused(/^deliver_at_unix_ms \d+ is more than 365 days ahead; allowed is up to \d+/),
        );
        await expect(publish({ deliverAtMs: timeMs + 2_000, ttlMs: 2_000 })).rejects.toMatchObject(
          refused(/is not before the message expires, at \d+/),
        );
        await expect(publish({ deliverAtMs: timeMs + 2_000, orderingKey: "k" })).rejects.toMatchObject(
          refused(/no place in an order/),
        );
        await stage.finish(publish({ deliverAtMs: timeMs + 2_000, ttlMs: 2_001 }));
      },
      { needs },
    ),
  ],
};
