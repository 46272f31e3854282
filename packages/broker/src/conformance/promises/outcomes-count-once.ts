import { expect } from "vitest";
import type { Outcome, RefusedOutcome } from "../../broker.ts";
import { connectTo, progress, QUEUE, removal, retryOf, take, takeNow, textsOf } from "../entries.ts";
import { appendAll, Producer } from "../producer.ts";
import { promise, type PromiseGroup } from "../promise.ts";
import type { Reader } from "../reader.ts";
import type { Stage } from "../stage.ts";

async function readerOfAbc(stage: Stage): Promise<Reader> {
  const { broker } = await stage.broker();
  const reader = (await stage.reader(broker)).grant();
  await stage.finish(broker.publish(new Producer().batch("a", "b", "c")));
  await stage.until("all arrive", () => reader.texts.length === 3);
  return reader;
}

function outcome(first: number, count: number, more: Partial<Outcome> = {}): Outcome {
  return { delivery: 1, first, count, kind: "ack", ...more };
}

function codes(refused: readonly RefusedOutcome[]): string[] {
  return refused.map(({ error }) => error.code);
}

/** An outcome counts once. A late, repeated or foreign one is refused and changes nothing. */
export const outcomesCountOnce: PromiseGroup = {
  title: "outcomes count once",
  cases: [
    promise("a repeated outcome is refused, and returned with its reason", async (stage) => {
      const reader = await readerOfAbc(stage);
      expect(reader.subscription.settle([outcome(0, 3)])).toEqual([]);
      const again = outcome(0, 3);
      const refused = reader.subscription.settle([again]);
      expect(refused.map((one) => one.outcome)).toEqual([again]);
      expect(codes(refused)).toEqual(["FAILED_PRECONDITION"]);
    }),

    promise("a second outcome changes nothing: neither fail after ack nor fail after fail retries", async (stage) => {
      const reader = await readerOfAbc(stage);
      reader.settle("ack", ["a"]);
      reader.settle("fail", ["b"], { delayMs: 0 });
      expect(codes(reader.subscription.settle([outcome(0, 1, { kind: "fail", delayMs: 0 })]))).toHaveLength(1);
      expect(codes(reader.subscription.settle([outcome(1, 1, { kind: "fail", delayMs: 0 })]))).toHaveLength(1);
      await stage.until("b comes again", () => reader.texts.length === 4);
      await stage.calm();
      expect(reader.texts).toEqual(["a", "b", "c", "b"]);
    }),

    promise("an outcome that overlaps an earlier one is refused whole", async (stage) => {
      const reader = await readerOfAbc(stage);
      expect(reader.subscription.settle([outcome(1, 1)])).toEqual([]);
      expect(codes(reader.subscription.settle([outcome(0, 3)]))).toEqual(["FAILED_PRECONDITION"]);
      expect(reader.subscription.settle([outcome(0, 1), outcome(2, 1)])).toEqual([]);
    }),

    promise("an outcome of a delivery never handed out, or of messages it does not have, is refused", async (stage) => {
      const reader = await readerOfAbc(stage);
      const wrong = [outcome(0, 1, { delivery: 2 }), outcome(2, 2), outcome(3, 1), outcome(-1, 1), outcome(0, 0)];
      expect(codes(reader.subscription.settle(wrong))).toEqual(wrong.map(() => "FAILED_PRECONDITION"));
      expect(reader.ackAll()).toEqual([]);
    }),

    promise("an outcome after the subscription was closed is refused", async (stage) => {
      const reader = await readerOfAbc(stage);
      await stage.finish(reader.subscription.close());
      expect(codes(reader.ackAll())).toEqual(["FAILED_PRECONDITION", "FAILED_PRECONDITION", "FAILED_PRECONDITION"]);
    }),

    promise("one refused outcome does no harm to the others of its call", async (stage) => {
      const reader = await readerOfAbc(stage);
      const refused = reader.subscription.settle([outcome(0, 1), outcome(0, 1), outcome(1, 2)]);
      expect(codes(refused)).toHaveLength(1);
      expect(codes(reader.ackAll())).toHaveLength(3);
    }),

    promise("a settlement by an instance that does not own the entry is named and changes nothing", async (stage) => {
      const owner = await connectTo(stage, QUEUE);
      const stranger = await connectTo(stage, QUEUE);
      await appendAll(owner, [new Producer().batch("a", "b")]);
      const [entry] = await take(stage, owner, QUEUE, 1);
      const foreign = removal(entry!, { retries: [retryOf(entry!, 0, 0)] });
      expect(await stranger.settle(QUEUE, [foreign])).toEqual([entry!.ref]);
      expect(await takeNow(stranger, QUEUE)).toEqual([]);
      await owner.close();
      expect((await take(stage, stranger, QUEUE, 1)).flatMap(textsOf)).toEqual(["a", "b"]);
    }),

    promise("a settlement of what was settled before is named and changes nothing", async (stage) => {
      const store = await connectTo(stage, QUEUE);
      await appendAll(store, [new Producer().batch("a")]);
      const [entry] = await take(stage, store, QUEUE, 1);
      const settlement = removal(entry!, { retries: [retryOf(entry!, 0, 0)] });
      expect(await store.settle(QUEUE, [settlement])).toEqual([]);
      expect(await store.settle(QUEUE, [settlement, settlement])).toEqual([entry!.ref, entry!.ref]);
      expect((await take(stage, store, QUEUE, 1)).flatMap(textsOf)).toEqual(["a"]);
      expect(await takeNow(store, QUEUE)).toEqual([]);
    }),

    promise("progress told twice, because its answer was lost, counts once", async (stage) => {
      const store = await connectTo(stage, QUEUE);
      await appendAll(store, [new Producer().batch("a", "b", "c")]);
      const [entry] = await take(stage, store, QUEUE, 1);
      const settlement = progress(entry!, "keep", [{ from: 0, to: 1 }], { retries: [retryOf(entry!, 0, 0)] });
      expect(await store.settle(QUEUE, [settlement])).toEqual([]);
      expect(await store.settle(QUEUE, [settlement])).toEqual([]);
      expect((await take(stage, store, QUEUE, 1)).flatMap(textsOf)).toEqual(["a"]);
      expect(await takeNow(store, QUEUE)).toEqual([]);
    }),

    promise(
      "an instance that was taken for dead cannot settle what others have taken over",
      async (stage) => {
        const sleeper = await connectTo(stage, QUEUE);
        const heir = await connectTo(stage, QUEUE);
        await appendAll(sleeper, [new Producer().batch("a")]);
        const [entry] = await take(stage, sleeper, QUEUE, 1);
        await stage.suspend(sleeper);
        const [inherited] = await take(stage, heir, QUEUE, 1);
        expect(await sleeper.settle(QUEUE, [removal(entry!)])).toEqual([entry!.ref]);
        expect(await heir.settle(QUEUE, [removal(inherited!)])).toEqual([]);
      },
      { needs: ["suspension"] },
    ),

    promise(
      "a consumer is told which of its deliveries another broker has taken over",
      async (stage) => {
        const sleeping = await stage.broker();
        const reader = (await stage.reader(sleeping.broker)).grant();
        await stage.finish(sleeping.broker.publish(new Producer().batch("a", "b")));
        await stage.until("both arrive", () => reader.texts.length === 2);
        await stage.suspend(sleeping.store);
        const heir = await stage.broker();
        const next = (await stage.reader(heir.broker)).grant();
        await stage.until("the heir has both", () => next.texts.length === 2);
        reader.settle("ack", ["a"]);
        await stage.until("the delivery is revoked", () => reader.revoked.includes(1));
        expect(codes(reader.settle("ack", ["b"]))).toEqual(["FAILED_PRECONDITION"]);
      },
      { needs: ["suspension"] },
    ),
  ],
};
