import { expect } from "vitest";
import type { Store, SubscriptionState } from "../../store.ts";
import type { HarnessRetention } from "../harness.ts";
import {
  BILLING,
  connectTo,
  deadLetterOf,
  progress,
  QUEUE,
  removal,
  retryOf,
  take,
  takeNow,
  textsOf,
} from "../entries.ts";
import { inspectable } from "../inspectable.ts";
import { appendAll, Producer } from "../producer.ts";
import { promise, type PromiseGroup } from "../promise.ts";
import type { Stage } from "../stage.ts";

/** What the store keeps in these cases. */
export const SMALL_RETENTION: HarnessRetention = { topicMs: 2_000, topicBytes: 20_000, deadLetters: 3 };

const needs = ["retention", "inspection"] as const;

const PADDING = "x".repeat(1_980);

/** Two messages of 2 kB each. */
const pair = (number: number) => [`${PADDING}${number}a`, `${PADDING}${number}b`];

async function stateOf(store: Store, name = BILLING): Promise<SubscriptionState> {
  const state = await inspectable(store).inspect(name.address);
  const found = state?.subscriptions.find(({ subscription }) => subscription === name.subscription);
  if (found === undefined) throw new Error(`nobody knows the subscription "${name.subscription}"`);
  return found;
}

/** Publishes pairs of messages until the subscription has lost some; returns the bodies of all. */
async function publishUntilTrimmed(stage: Stage, store: Store, producer: Producer): Promise<string[]> {
  const bodies: string[] = [];
  await stage.until("retention takes something", async () => {
    const next = pair(bodies.length);
    await appendAll(store, [producer.batch(...next)]);
    bodies.push(...next);
    return (await stateOf(store)).trimmed > 0;
  });
  return bodies;
}

/** A topic keeps its messages for a while, and so much of them. What a subscription loses that way is counted. */
export const retention: PromiseGroup = {
  title: "retention",
  cases: [
    promise(
      "a topic drops its oldest batches beyond its bytes, whole, and what a subscription lost unread is counted",
      async (stage) => {
        const store = await connectTo(stage, BILLING);
        const bodies = await publishUntilTrimmed(stage, store, new Producer(BILLING.address));
        expect(bodies.length).toBeGreaterThan(9);
        expect(bodies.length, "not for their age").toBeLessThan(100);
        const { depth, trimmed } = await stateOf(store);
        expect(depth + trimmed).toBe(bodies.length);
        expect(trimmed % 2).toBe(0);
        const entries = await takeNow(store, BILLING);
        expect(entries.flatMap(textsOf)).toEqual(bodies.slice(-depth));
        await store.settle(
          BILLING,
          entries.map((entry) => removal(entry)),
        );
        expect(await stateOf(store)).toMatchObject({ depth: 0, acked: depth, trimmed });
      },
      { needs },
    ),

    promise(
      "a topic drops its messages when they are past its age, read or not",
      async (stage) => {
        const store = await connectTo(stage, BILLING);
        const producer = new Producer(BILLING.address);
        await appendAll(store, [producer.batch("old", "old too")]);
        await stage.advance(SMALL_RETENTION.topicMs);
        await stage.until("it is gone", async () => {
          await store.sweep(BILLING, 0);
          return (await stateOf(store)).trimmed === 2;
        });
        expect(await stateOf(store)).toMatchObject({ depth: 0 });
        await appendAll(store, [producer.batch("young")]);
        expect((await takeNow(store, BILLING)).flatMap(textsOf)).toEqual(["young"]);
      },
      { needs },
    ),

    promise(
      "a subscription that has settled everything loses nothing, and one yet to come begins with what is kept",
      async (stage) => {
        const store = await connectTo(stage, BILLING);
        const audit = { ...BILLING, subscription: "audit" };
        await store.open(audit, "latest");
        const producer = new Producer(BILLING.address);
        await stage.until("the other loses something", async () => {
          await appendAll(store, [producer.batch(...pair(0))]);
          const entries = await takeNow(store, audit);
          await store.settle(
            audit,
            entries.map((entry) => removal(entry)),
          );
          return (await stateOf(store)).trimmed > 0;
        });
        expect(await stateOf(store, audit)).toMatchObject({ depth: 0, trimmed: 0 });
        const late = { ...BILLING, subscription: "late" };
        await store.open(late, "earliest");
        const { depth } = await stateOf(store, late);
        expect((await takeNow(store, late)).flatMap(textsOf)).toHaveLength(depth);
      },
      { needs },
    ),

    promise(
      "what goes past its retention in somebody's hands is taken from him, and counted less what he had settled",
      async (stage) => {
        const store = await connectTo(stage, BILLING);
        const producer = new Producer(BILLING.address);
        await appendAll(store, [producer.batch(...pair(0)), producer.batch(...pair(1))]);
        const [first] = await store.claim(BILLING, 1);
        const settled = [{ from: 0, to: 1 }];
        await store.settle(BILLING, [
          removal(first!, { action: "keep", settled, ackedMessages: 1, ackedBytes: 1_990 }),
        ]);
        const bodies = await publishUntilTrimmed(stage, store, producer);
        const { depth, trimmed } = await stateOf(store);
        expect(1 + depth + trimmed).toBe(4 + bodies.length);
        expect(await store.settle(BILLING, [removal(first!, { ackedMessages: 1 })])).toEqual([first!.ref]);
        expect((await takeNow(store, BILLING)).flatMap(textsOf)).toHaveLength(depth);
      },
      { needs },
    ),

    promise(
      "nothing waits for what retention has taken of its ordering key",
      async (stage) => {
        const [first, second] = [await connectTo(stage, BILLING), await connectTo(stage, BILLING)];
        const producer = new Producer(BILLING.address);
        await appendAll(first, [producer.ordered("grey", "g1"), producer.ordered("red", ...pair(1))]);
        await appendAll(
          first,
          [2, 3].map((number) => producer.batch(...pair(number))),
        );
        await appendAll(first, [producer.ordered("red", "r2")]);
        const taken = await first.claim(BILLING, 2);
        const r2 = (await take(stage, second, BILLING, 3)).at(-1)!;
        await first.settle(
          BILLING,
          taken.map((entry) => progress(entry, "return", [])),
        );
        const waiting = [{ ref: r2.ref, after: taken[1]!.ref }];
        expect(await second.turns(BILLING, waiting)).toEqual(["waits"]);
        await stage.until("the oldest two batches are gone", async () => {
          await appendAll(first, [producer.batch(...pair(4))]);
          return (await stateOf(first)).trimmed >= 3;
        });
        expect(await second.turns(BILLING, waiting)).toEqual(["next"]);
        await appendAll(first, [producer.ordered("grey", "g2")]);
        const g2 = (await takeNow(first, BILLING)).at(-1)!;
        expect([textsOf(g2), g2.turn?.after]).toEqual([["g2"], ""]);
      },
      { needs },
    ),

    promise(
      "a subscription's retries outlive the batch they came from",
      async (stage) => {
        const store = await connectTo(stage, BILLING);
        const producer = new Producer(BILLING.address);
        await appendAll(store, [producer.batch("again")]);
        const [entry] = await store.claim(BILLING, 1);
        await store.settle(BILLING, [removal(entry!, { ackedMessages: 0, retries: [retryOf(entry!, 0, 50)] })]);
        await publishUntilTrimmed(stage, store, producer);
        const texts = await stage.until("it is due", async () => {
          const { entries } = await store.sweep(BILLING, 1);
          return entries.length > 0 && entries.flatMap(textsOf);
        });
        expect(texts).toEqual(["again"]);
      },
      { needs },
    ),

    promise(
      "a retry that nobody takes for as long as its topic keeps messages is dropped, and counted",
      async (stage) => {
        const store = await connectTo(stage, BILLING);
        await appendAll(store, [new Producer(BILLING.address).batch("again")]);
        const [entry] = await store.claim(BILLING, 1);
        await store.settle(BILLING, [removal(entry!, { ackedMessages: 0, retries: [retryOf(entry!, 0, 0)] })]);
        await stage.advance(SMALL_RETENTION.topicMs + 10);
        await stage.until("it is dropped", async () => {
          const other = { ...BILLING, subscription: "other" };
          await store.open(other, "latest");
          await store.sweep(other, 0);
          return (await stateOf(store)).trimmed === 1;
        });
        expect(await stateOf(store)).toMatchObject({ depth: 0 });
      },
      { needs },
    ),

    promise(
      "a subscription keeps so many dead letters, and then the oldest go",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        await appendAll(store, [new Producer().batch("a", "b", "c", "d", "e")]);
        const [entry] = await store.claim(QUEUE, 1);
        const deadLetters = [0, 1, 2, 3, 4].map((index) => deadLetterOf(entry!, index, `reason ${index}`));
        await store.settle(QUEUE, [removal(entry!, { ackedMessages: 0, deadLetters })]);
        const kept = await inspectable(store).deadLetters(QUEUE, 10);
        expect(kept.map(({ reason }) => reason)).toEqual(["reason 2", "reason 3", "reason 4"]);
        expect(await stateOf(store, QUEUE)).toMatchObject({ depth: 0, dead: 5, deadDropped: 2 });
      },
      { needs },
    ),
  ],
};
