import { expect } from "vitest";
import type { DeadLetterSelection } from "../../administrable.ts";
import type { Store, SubscriptionName } from "../../store.ts";
import { administrationOf, allSteps, bodiesOf, deadLettersOf, letDie } from "../administration.ts";
import {
  AUDIT,
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
import { appendAll, Producer } from "../producer.ts";
import { promise, type PromiseGroup } from "../promise.ts";

const needs = ["inspection"] as const;

/** More than any store does in one step. */
const MANY = 600;

function redrive(store: Store, selection: DeadLetterSelection = {}, name: SubscriptionName = QUEUE): Promise<number> {
  return allSteps((after) => administrationOf(store).redrive(name, selection, after));
}

function purge(store: Store, name: SubscriptionName = QUEUE): Promise<number> {
  return allSteps((after) => administrationOf(store).purge(name, after));
}

async function stateOf(store: Store, { address, subscription }: SubscriptionName = QUEUE) {
  const state = await administrationOf(store).describe(address);
  return state?.subscriptions.find((each) => each.subscription === subscription);
}

async function depthOf(store: Store, name?: SubscriptionName): Promise<number | undefined> {
  return (await stateOf(store, name))?.depth;
}

/** Operators repair: nothing is lost that they did not name, and nothing doubled. */
export const redriveAndPurge: PromiseGroup = {
  title: "redrive and purge",
  cases: [
    promise(
      "redriven dead letters come again as attempt 1, oldest first, with their bytes",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        await letDie(stage, store, ["a", "b"]);
        await letDie(stage, store, ["c"]);
        expect(await depthOf(store)).toBe(0);
        expect(await redrive(store)).toBe(3);
        expect(await deadLettersOf(store)).toEqual([]);
        expect(await depthOf(store)).toBe(3);
        const entries = await take(stage, store, QUEUE, 3);
        expect(entries.flatMap(textsOf)).toEqual(["a", "b", "c"]);
        expect(entries.map(({ attempt }) => attempt)).toEqual([1, 1, 1]);
        await store.settle(
          QUEUE,
          entries.map((entry) => removal(entry)),
        );
        expect(await depthOf(store)).toBe(0);
      },
      { needs },
    ),

    promise(
      "a consumer that waits is handed what is redriven at once, and may let it die again",
      async (stage) => {
        const { broker, store } = await stage.broker();
        const reader = (await stage.reader(broker)).grant();
        await stage.finish(broker.publish(new Producer().batch("poison")));
        await stage.until("it arrives", () => reader.texts.length === 1);
        reader.settle("reject", ["poison"], { reason: "bad" });
        await stage.until("it is dead", async () => (await deadLettersOf(store)).length === 1);
        expect(await redrive(store)).toBe(1);
        await stage.until("it arrives again", () => reader.texts.length === 2);
        reader.settle("reject", ["poison"], { reason: "still bad" });
        await stage.until("it is dead again", async () => (await deadLettersOf(store))[0]?.reason === "still bad");
      },
      { needs },
    ),

    promise(
      "redriving by reason or by id leaves the others dead",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        await letDie(stage, store, ["no such order: 1", "timeout: 2", "no such order: 3", "timeout: 4"]);
        expect(await redrive(store, { reason: "such" })).toBe(2);
        const [two, four] = await deadLettersOf(store);
        expect(bodiesOf([two!, four!])).toEqual(["timeout: 2", "timeout: 4"]);
        const tooMany = Array.from({ length: 1_001 }, () => two!.id);
        await expect(redrive(store, { ids: tooMany })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
        expect(await redrive(store, { ids: [four!.id, "none"] })).toBe(1);
        expect(bodiesOf(await deadLettersOf(store))).toEqual(["timeout: 2"]);
        const entries = await take(stage, store, QUEUE, 3);
        expect(entries.flatMap(textsOf)).toEqual(["no such order: 1", "no such order: 3", "timeout: 4"]);
      },
      { needs },
    ),

    promise(
      "a dead letter goes back to its own subscription alone",
      async (stage) => {
        const store = await connectTo(stage, BILLING);
        await store.open(AUDIT, "earliest");
        await letDie(stage, store, ["a"], BILLING);
        const [seen] = await take(stage, store, AUDIT, 1);
        await store.settle(AUDIT, [removal(seen!)]);
        expect(await redrive(store, {}, BILLING)).toBe(1);
        expect(await takeNow(store, AUDIT)).toEqual([]);
        expect((await take(stage, store, BILLING, 1)).flatMap(textsOf)).toEqual(["a"]);
      },
      { needs },
    ),

    promise(
      "a redrive that is broken off and begun anew loses nothing and doubles nothing",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        const texts = Array.from({ length: MANY }, (_, index) => `${index}`);
        await letDie(stage, store, texts);
        const first = await administrationOf(store).redrive(QUEUE, {}, undefined);
        expect(first.messages).toBeGreaterThan(0);
        expect(first.messages + (await deadLettersOf(store)).length).toBe(MANY);
        const other = await stage.connect();
        expect(first.messages + (await redrive(other))).toBe(MANY);
        const entries = await take(stage, store, QUEUE, MANY);
        expect(entries.flatMap(textsOf)).toEqual(texts);
        expect(await takeNow(store, QUEUE)).toEqual([]);
      },
      { needs },
    ),

    promise(
      "what dies while a redrive is under way stays dead",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        await letDie(
          stage,
          store,
          Array.from({ length: MANY }, (_, index) => `${index}`),
        );
        await allSteps(async (after) => {
          const step = await administrationOf(store).redrive(QUEUE, {}, after);
          if (after === undefined) {
            await appendAll(store, [new Producer().batch("late")]);
            const [late] = (await store.claim(QUEUE, 1_000)).filter((entry) => textsOf(entry).includes("late"));
            await store.settle(QUEUE, [
              removal(late!, { ackedMessages: 0, deadLetters: [deadLetterOf(late!, 0, "late")] }),
            ]);
          }
          return step;
        });
        expect(bodiesOf(await deadLettersOf(store))).toEqual(["late"]);
      },
      { needs },
    ),

    promise(
      "purged dead letters are gone, by reason, by id, or all",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        await letDie(stage, store, ["no such order: 1", "timeout: 2", "timeout: 3", "bad: 4"]);
        const purgeLetters = (selection: DeadLetterSelection) =>
          allSteps((after) => administrationOf(store).purgeDeadLetters(QUEUE, selection, after));
        expect(await purgeLetters({ reason: "no such" })).toBe(1);
        const [two] = await deadLettersOf(store);
        expect(await purgeLetters({ ids: [two!.id] })).toBe(1);
        expect(bodiesOf(await deadLettersOf(store))).toEqual(["timeout: 3", "bad: 4"]);
        expect(await purgeLetters({})).toBe(2);
        expect(await deadLettersOf(store)).toEqual([]);
        expect(await takeNow(store, QUEUE)).toEqual([]);
        expect(await depthOf(store)).toBe(0);
      },
      { needs },
    ),

    promise(
      "a purge lets go of all that nobody holds, retries included, and of nothing that is held",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        const producer = new Producer();
        await appendAll(store, [producer.batch("a", "b"), producer.batch("c", "d"), producer.batch("e", "f")]);
        const [held, givenBack, retried] = await store.claim(QUEUE, 3);
        await store.settle(QUEUE, [progress(givenBack!, "return", [{ from: 0, to: 1 }], { ackedMessages: 1 })]);
        await store.settle(QUEUE, [removal(retried!, { ackedMessages: 1, retries: [retryOf(retried!, 1, 60_000)] })]);
        await appendAll(store, producer.batches(MANY));
        expect(await depthOf(store)).toBe(4 + MANY);
        expect(await purge(store)).toBe(2 + MANY);
        expect(await depthOf(store)).toBe(2);
        expect(await takeNow(store, QUEUE)).toEqual([]);
        expect(await store.settle(QUEUE, [removal(held!)])).toEqual([]);
        expect(await depthOf(store)).toBe(0);
        await appendAll(store, [producer.batch("next")]);
        expect((await take(stage, store, QUEUE, 1)).flatMap(textsOf)).toEqual(["next"]);
      },
      { needs },
    ),

    promise(
      "a purge of one subscription takes nothing from the others, nor from those yet to come",
      async (stage) => {
        const store = await connectTo(stage, BILLING);
        await store.open(AUDIT, "earliest");
        const producer = new Producer(BILLING.address);
        await appendAll(store, [producer.batch("a"), producer.batch("b")]);
        expect(await purge(store, BILLING)).toBe(2);
        await appendAll(store, [producer.batch("c")]);
        expect((await take(stage, store, BILLING, 1)).flatMap(textsOf)).toEqual(["c"]);
        expect((await take(stage, store, AUDIT, 3)).flatMap(textsOf)).toEqual(["a", "b", "c"]);
        const late = { ...BILLING, subscription: "late" };
        await store.open(late, "earliest");
        expect((await take(stage, store, late, 3)).flatMap(textsOf)).toEqual(["a", "b", "c"]);
      },
      { needs },
    ),

    promise(
      "what was purged and what was redriven is counted",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        await letDie(stage, store, ["a", "b", "c"]);
        expect(await stateOf(store)).toMatchObject({ depth: 0, dead: 3, purged: 0, redriven: 0 });
        await redrive(store, { reason: "a" });
        await redrive(store, { reason: "b" });
        expect(await stateOf(store)).toMatchObject({ depth: 2, dead: 3, purged: 0, redriven: 2 });
        await appendAll(store, [new Producer().batch("d", "e")]);
        await purge(store);
        expect(await stateOf(store)).toMatchObject({ depth: 0, dead: 3, purged: 4, redriven: 2, deadDropped: 0 });
      },
      { needs },
    ),

    promise(
      "a purge leaves delayed messages; one of theirs takes all of an address, and frees their deduplication ids",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        const dueMs = stage.clock.now() + 60_000;
        const delayed = (body: string, deduplicationId?: string, address = QUEUE.address) =>
          new Producer(address).batchWith({ deliverAtMs: dueMs, deduplicationId }, { body, timeMs: dueMs - 60_000 });
        const invoice = () => delayed("invoice", "invoice 7");
        const later = Array.from({ length: 50 }, (_, index) => delayed(`${index}`));
        const elsewhere = delayed("elsewhere", undefined, BILLING.address);
        await appendAll(store, [new Producer().batch("now"), invoice(), ...later, elsewhere]);
        const delayedAt = async (address: string) => (await administrationOf(store).describe(address))?.delayed;
        expect(await purge(store)).toBe(1);
        expect(await delayedAt(QUEUE.address)).toBe(51);

        await appendAll(store, [new Producer().batch("waits")]);
        const purgeDelayed = () => allSteps((after) => administrationOf(store).purgeDelayed(QUEUE.address, after));
        expect(await purgeDelayed()).toBe(51);
        expect(await purgeDelayed()).toBe(0);
        expect([await delayedAt(QUEUE.address), await delayedAt(BILLING.address)]).toEqual([0, 1]);
        expect(await store.append([invoice()], "accepted")).toMatchObject([{ ok: true, duplicate: false }]);
        expect((await take(stage, store, QUEUE, 1)).flatMap(textsOf)).toEqual(["waits"]);
      },
      { needs: ["inspection", "scheduling"] },
    ),
  ],
};
