import type { Batch, ChappeError } from "@chappe/message";
import { expect } from "vitest";
import type { QueueLimits } from "../../queue-limits.ts";
import type { Store } from "../../store.ts";
import { administrationOf, allSteps } from "../administration.ts";
import { connectTo, deadLetterOf, QUEUE, removal, retryOf, take, textsOf } from "../entries.ts";
import { appendAll, Producer } from "../producer.ts";
import { promise, type PromiseGroup } from "../promise.ts";

/** How much each receiver's queue may hold in these cases. */
export const SMALL_QUEUE: QueueLimits = { maxMessages: 20, maxBytes: 100_000 };

const needs = ["queueLimits"] as const;

/** Appends one batch; resolves with what it was refused with. */
async function refusal(store: Store, batch: Batch): Promise<ChappeError | undefined> {
  const [result] = await store.append([batch], "accepted");
  return result?.ok === false ? result.error : undefined;
}

/** Appends batches one by one until one is refused; returns it, and why. */
async function fill(store: Store, next: () => Batch): Promise<{ batch: Batch; error: ChappeError; stored: number }> {
  for (let stored = 0; stored < 100; stored++) {
    const batch = next();
    const error = await refusal(store, batch);
    if (error !== undefined) return { batch, error, stored };
  }
  throw new Error("the queue took far more than its limits allow");
}

/** A receiver that does not read takes room from nobody else: its queue is refused more, and says why. */
export const queueLimits: PromiseGroup = {
  title: "queue limits",
  cases: [
    promise(
      "a receiver's queue takes messages up to its limit, and what is refused can be sent again, in order, once it is read",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        const producer = new Producer();
        let number = 0;
        const { batch, error, stored } = await fill(store, () => producer.batch(String(number++)));
        expect(stored).toBe(SMALL_QUEUE.maxMessages);
        expect(error).toMatchObject({ code: "RESOURCE_EXHAUSTED", retryable: true });
        expect(error.message).toMatch(/receiver:receiver-01 is full: 20 messages .* 20 may wait/);
        const later = producer.batch("later");
        expect(await refusal(store, later), "no gap").toMatchObject({ expectedSequence: stored + 1 });
        const [entry] = await store.claim(QUEUE, 1);
        await store.settle(QUEUE, [removal(entry!)]);
        await appendAll(store, [batch]);
        expect(await refusal(store, later), "full again").toMatchObject({ code: "RESOURCE_EXHAUSTED" });
      },
      { needs },
    ),

    promise(
      "what a full queue refused of an ordering key follows in its order once there is room",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        const producer = new Producer();
        let number = 0;
        const { batch, error } = await fill(store, () => producer.ordered("red", String(number++)));
        expect(error).toMatchObject({ code: "RESOURCE_EXHAUSTED" });
        const entries = await take(stage, store, QUEUE, SMALL_QUEUE.maxMessages);
        expect(entries.map(({ turn }) => turn?.after)).toEqual(["", ...entries.slice(0, -1).map(({ ref }) => ref)]);
        const last = entries.at(-1)!;
        await store.settle(
          QUEUE,
          entries.slice(0, -1).map((entry) => removal(entry)),
        );
        await appendAll(store, [batch]);
        const [next] = await take(stage, store, QUEUE, 1);
        expect([textsOf(next!), next!.turn?.after]).toEqual([["20"], last.ref]);
      },
      { needs },
    ),

    promise(
      "a receiver's queue takes bytes up to its limit",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        const producer = new Producer();
        const { batch, error, stored } = await fill(store, () => producer.batch("x".repeat(12_000)));
        expect(stored).toBeGreaterThan(5);
        expect(stored).toBeLessThan(10);
        expect(error).toMatchObject({ code: "RESOURCE_EXHAUSTED" });
        expect(error.message).toMatch(/takes \d+ bytes of memory, and may take 100000/);
        const entries = await store.claim(QUEUE, 2);
        await store.settle(
          QUEUE,
          entries.map((entry) => removal(entry)),
        );
        await appendAll(store, [batch]);
      },
      { needs },
    ),

    promise(
      "what is held, or due for another try, takes room in its queue",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        const producer = new Producer();
        const { batch } = await fill(store, () => producer.batch("a"));
        const entries = await take(stage, store, QUEUE, SMALL_QUEUE.maxMessages);
        expect(await refusal(store, batch), "held").toMatchObject({ code: "RESOURCE_EXHAUSTED" });
        const retried = entries.map((entry) =>
          removal(entry, { ackedMessages: 0, retries: [retryOf(entry, 0, 60_000)] }),
        );
        await store.settle(QUEUE, retried);
        expect(await refusal(store, batch), "due later").toMatchObject({ code: "RESOURCE_EXHAUSTED" });
      },
      { needs },
    ),

    promise(
      "dead letters take no room in their queue, until they are put back",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        const producer = new Producer();
        const { batch } = await fill(store, () => producer.batch("a"));
        const entries = await take(stage, store, QUEUE, SMALL_QUEUE.maxMessages);
        const buried = entries.map((entry) =>
          removal(entry, { ackedMessages: 0, deadLetters: [deadLetterOf(entry, 0, "bad")] }),
        );
        await store.settle(QUEUE, buried);
        const putBack = await allSteps((after) => administrationOf(store).redrive(QUEUE, {}, after));
        expect(putBack).toBe(SMALL_QUEUE.maxMessages);
        expect(await refusal(store, batch), "put back").toMatchObject({ code: "RESOURCE_EXHAUSTED" });
        const [again] = await take(stage, store, QUEUE, 1);
        await store.settle(QUEUE, [
          removal(again!, { ackedMessages: 0, deadLetters: [deadLetterOf(again!, 0, "bad")] }),
        ]);
        await appendAll(store, [batch]);
      },
      { needs: [...needs, "inspection"] },
    ),

    promise(
      "what an operator puts back into a queue is noticed by the next publish, through any instance",
      async (stage) => {
        const stores = [await stage.connect(), await stage.connect()];
        const operator = stores[0]!;
        const sizes = { "receiver:many": "a", "receiver:large": "x".repeat(12_000) };
        for (const [address, text] of Object.entries(sizes)) {
          const name = { address, subscription: "" };
          const producer = new Producer(address, "sender-01", { identified: false });
          const { stored } = await fill(operator, () => producer.batch(text));
          const entries = await take(stage, operator, name, stored);
          const buried = entries.map((entry) =>
            removal(entry, { ackedMessages: 0, deadLetters: [deadLetterOf(entry, 0, "bad")] }),
          );
          await operator.settle(name, buried);
          // Each learns that the queue is empty.
          for (const store of [...stores, ...stores]) {
            await appendAll(store, [producer.batch("b")]);
            const [entry] = await take(stage, operator, name, 1);
            await operator.settle(name, [removal(entry!)]);
          }
          expect(await allSteps((after) => administrationOf(operator).redrive(name, {}, after))).toBe(stored);
          for (const store of stores) {
            expect((await fill(store, () => producer.batch(text))).stored, address).toBeLessThan(2);
          }
        }
      },
      { needs: [...needs, "inspection"] },
    ),

    promise(
      "purging a full queue makes room for as much again",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        const producer = new Producer();
        const { batch } = await fill(store, () => producer.batch("a"));
        await allSteps((after) => administrationOf(store).purge(QUEUE, after));
        await appendAll(store, [batch]);
        const { error, stored } = await fill(store, () => producer.batch("b"));
        expect(stored).toBe(SMALL_QUEUE.maxMessages - 1);
        expect(error.message).toMatch(/20 messages/);
      },
      { needs: [...needs, "inspection"] },
    ),

    promise(
      "a resend to a full queue is answered as what was stored",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        const producer = new Producer();
        const first = producer.batch("first");
        await appendAll(store, [first]);
        await fill(store, () => producer.batch("more"));
        expect(await store.append([first], "accepted")).toMatchObject([{ ok: true, duplicate: true }]);
      },
      { needs },
    ),

    promise(
      "a full queue is full for every instance, and takes no room from other receivers and topics",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        const other = await stage.connect();
        const producer = new Producer(QUEUE.address, "sender-01", { identified: false });
        await fill(store, () => producer.batch("a"));
        const { stored } = await fill(other, () => producer.batch("b"));
        expect(stored, "until it has heard how full it is").toBeLessThan(2);
        const topic = new Producer("topic:orders").batches(2 * SMALL_QUEUE.maxMessages);
        await appendAll(other, [...topic, new Producer("receiver:receiver-02").batch("b")]);
      },
      { needs },
    ),
  ],
};
