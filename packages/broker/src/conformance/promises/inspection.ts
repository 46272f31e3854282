import { expect } from "vitest";
import type { AddressState, Store } from "../../store.ts";
import { connectTo, deadLetterOf, progress, QUEUE, removal, retryOf, take } from "../entries.ts";
import { inspectable } from "../inspectable.ts";
import { appendAll, Producer } from "../producer.ts";
import { promise, type PromiseGroup } from "../promise.ts";

async function inspect(store: Store, address = QUEUE.address): Promise<AddressState | undefined> {
  return inspectable(store).inspect(address);
}

async function oldestAgeMs(store: Store): Promise<number | undefined> {
  return (await inspect(store))?.subscriptions[0]?.oldestAgeMs;
}

const needs = ["inspection"] as const;

/** Nothing was taken away, or put back. */
const NOTHING_REPAIRED = { trimmed: 0, purged: 0, redriven: 0, deadDropped: 0 };

/** Operators see what a store holds, to the message. */
export const inspection: PromiseGroup = {
  title: "inspection",
  cases: [
    promise(
      "an address nobody has used is unknown",
      async (stage) => {
        expect(await inspect(await stage.connect(), "receiver:nobody")).toBeUndefined();
      },
      { needs },
    ),

    promise(
      "what was published is counted once, resent or refused batches are not",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        const [one, two, three] = new Producer().batches(3);
        await store.append([one!, one!, three!, two!, one!], "accepted");
        expect(await inspect(store)).toMatchObject({
          address: QUEUE.address,
          published: 2,
          publishedBytes: one!.records.length + two!.records.length,
          subscriptions: [{ subscription: "", depth: 2, acked: 0, retried: 0, dead: 0, expired: 0 }],
        });
      },
      { needs },
    ),

    promise(
      "depth counts every message not settled: waiting, held, or due later",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        const producer = new Producer();
        await appendAll(store, [producer.batch("a", "b", "c", "d"), producer.batch("e")]);
        const depth = async () => (await inspect(store))?.subscriptions[0]?.depth;
        expect(await depth()).toBe(5);
        const [entry] = await store.claim(QUEUE, 1);
        expect(await depth(), "held").toBe(5);
        await store.settle(QUEUE, [progress(entry!, "keep", [{ from: 0, to: 2 }], { ackedMessages: 2 })]);
        expect(await depth(), "two settled").toBe(3);
        await store.settle(QUEUE, [removal(entry!, { ackedMessages: 1, retries: [retryOf(entry!, 3, 60_000)] })]);
        expect(await depth(), "one more settled, one due later").toBe(2);
      },
      { needs },
    ),

    promise(
      "acked, retried and dead messages are counted",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        await appendAll(store, [new Producer().batch("a", "b", "c", "d", "e")]);
        const [entry] = await take(stage, store, QUEUE, 1);
        const settled = [{ from: 0, to: 2 }];
        const retries = [retryOf(entry!, 1, 60_000)];
        await store.settle(QUEUE, [progress(entry!, "keep", settled, { ackedMessages: 1, retries })]);
        const deadLetters = [deadLetterOf(entry!, 2, "bad"), deadLetterOf(entry!, 3, "bad")];
        await store.settle(QUEUE, [removal(entry!, { ackedMessages: 1, deadLetters })]);
        expect((await inspect(store))?.subscriptions).toEqual([
          { subscription: "", depth: 1, acked: 2, retried: 1, dead: 2, expired: 0, ...NOTHING_REPAIRED },
        ]);
      },
      { needs },
    ),

    promise(
      "each subscription of a topic is counted for itself",
      async (stage) => {
        const billing = { address: "topic:orders", subscription: "billing" };
        const audit = { address: "topic:orders", subscription: "audit" };
        const store = await connectTo(stage, billing);
        const producer = new Producer("topic:orders");
        await appendAll(store, [producer.batch("a", "b")]);
        await store.open(audit, "latest");
        await appendAll(store, [producer.batch("c")]);
        const [entry] = await store.claim(billing, 1);
        await store.settle(billing, [removal(entry!)]);
        await store.open({ address: "topic:orders", subscription: "search" }, "earliest");
        const state = await inspect(store, "topic:orders");
        expect(state).toMatchObject({ published: 3 });
        expect(state?.subscriptions.toSorted((a, b) => a.subscription.localeCompare(b.subscription))).toMatchObject([
          { subscription: "audit", depth: 1, acked: 0, retried: 0, dead: 0, expired: 0 },
          { subscription: "billing", depth: 1, acked: 2, retried: 0, dead: 0, expired: 0 },
          { subscription: "search", depth: 3, acked: 0, retried: 0, dead: 0, expired: 0 },
        ]);
      },
      { needs },
    ),

    promise(
      "the counters say what consumers have done",
      async (stage) => {
        const { broker } = await stage.broker();
        const reader = (await stage.reader(broker)).grant();
        await stage.finish(broker.publish(new Producer().batch("a", "b", "c", "d", "e", "f")));
        await stage.until("all arrive", () => reader.texts.length === 6);
        reader.settle("ack", ["a", "c", "e"]);
        reader.settle("fail", ["b"], { delayMs: 60_000 });
        reader.settle("reject", ["d"], { reason: "bad" });
        await stage.finish(reader.subscription.close());
        expect(await inspect(await stage.connect())).toMatchObject({
          published: 6,
          subscriptions: [{ subscription: "", depth: 2, acked: 3, retried: 1, dead: 1, expired: 0 }],
        });
      },
      { needs },
    ),

    promise(
      "the oldest message's age counts from when it was stored, whether it waits or is held",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        expect(await oldestAgeMs(store), "nothing is there").toBeUndefined();
        await appendAll(store, [new Producer().batch("a")]);
        const storedMs = stage.clock.now();
        const expectOldest = async (how: string) => {
          const sinceMs = stage.clock.now() - storedMs;
          expect(await oldestAgeMs(store), how).toBeGreaterThanOrEqual(sinceMs);
        };
        await stage.advance(200);
        const youngerMs = stage.clock.now();
        await appendAll(store, [new Producer().batch("b")]);
        await expectOldest("waits");
        const [entry] = await store.claim(QUEUE, 1);
        await expectOldest("held");
        await store.settle(QUEUE, [removal(entry!)]);
        const ageMs = await oldestAgeMs(store);
        expect(ageMs, "the younger one is left").toBeLessThanOrEqual(stage.clock.now() - youngerMs);
        await store.settle(QUEUE, [removal((await store.claim(QUEUE, 1))[0]!)]);
        expect(await oldestAgeMs(store), "all are settled").toBeUndefined();
      },
      { needs },
    ),

    promise(
      "the age of a retry counts from when it fell due",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        await appendAll(store, [new Producer().batch("a")]);
        await stage.advance(200);
        const [entry] = await store.claim(QUEUE, 1);
        const beginMs = stage.clock.now();
        await store.settle(QUEUE, [removal(entry!, { ackedMessages: 0, retries: [retryOf(entry!, 0, 100)] })]);
        expect(await oldestAgeMs(store), "not due").toBeUndefined();
        const age = await stage.until("it is due", () => oldestAgeMs(store));
        // Less than since it was settled, where its age as a message would be more.
        expect(age, "due").toBeLessThan(stage.clock.now() - beginMs);
        await take(stage, store, QUEUE, 1);
        expect(await oldestAgeMs(store), "held").toBeGreaterThanOrEqual(0);
      },
      { needs },
    ),

    promise(
      "addresses are counted, and listed up to as many as asked for",
      async (stage) => {
        const store = inspectable(await stage.connect());
        expect(await store.addresses(10)).toEqual({ total: 0, addresses: [] });
        const used = ["receiver:a", "receiver:b", "topic:a"];
        await appendAll(
          store,
          used.map((address) => new Producer(address).batch("x")),
        );
        const { total, addresses } = await store.addresses(10);
        expect(total).toBe(3);
        expect(addresses.toSorted()).toEqual(used);
        expect(await store.addresses(2)).toEqual({ total: 3, addresses: addresses.slice(0, 2) });
      },
      { needs },
    ),

    promise(
      "any instance sees the same, and the epoch that receipts carry",
      async (stage) => {
        const { broker, store } = await stage.broker();
        const receipt = await stage.finish(broker.publish(new Producer().batch("a")));
        const state = await inspect(store);
        expect(state?.epoch).toBe(receipt.epoch);
        const elsewhere = await inspect(await stage.connect());
        const ageless = (found: AddressState | undefined) =>
          found?.subscriptions.map(({ subscription, depth, acked, retried, dead }) => ({
            subscription,
            depth,
            acked,
            retried,
            dead,
          }));
        expect(elsewhere).toMatchObject({ epoch: receipt.epoch, published: 1, publishedBytes: state?.publishedBytes });
        expect(ageless(elsewhere)).toEqual(ageless(state));
      },
      { needs },
    ),
  ],
};
