import { expect } from "vitest";
import { MAX_PEEKED_BYTES, type PeekedEntry } from "../../administrable.ts";
import type { Store } from "../../store.ts";
import { administrationOf, bodiesOf, deadLettersOf, letDie } from "../administration.ts";
import { connectTo, deadLetterOf, progress, QUEUE, removal, retryOf, takeNow } from "../entries.ts";
import { appendAll, Producer } from "../producer.ts";
import { promise, type PromiseGroup } from "../promise.ts";

const needs = ["inspection"] as const;

async function peek(store: Store, limit = 100): Promise<readonly PeekedEntry[]> {
  return administrationOf(store).peek(QUEUE, limit);
}

/** Operators look into a queue without taking anything from it. */
export const closerLook: PromiseGroup = {
  title: "a closer look",
  cases: [
    promise(
      "addresses are listed page by page, each once, and by their beginning",
      async (stage) => {
        const store = await stage.connect();
        const addresses = Array.from({ length: 7 }, (_, index) => `receiver:r${index}`);
        await appendAll(
          store,
          [...addresses, "topic:orders"].map((address) => new Producer(address).batch("a")),
        );
        const listed: string[] = [];
        for (let after: string | undefined; ; ) {
          const page = await administrationOf(store).listAddresses("receiver:", { after, limit: 3 });
          expect(page.items.length).toBeLessThanOrEqual(3);
          listed.push(...page.items);
          if (page.next === undefined) break;
          after = page.next;
        }
        expect(listed.toSorted()).toEqual(addresses);
      },
      { needs },
    ),

    promise(
      "what waits is shown oldest first, whether held, given back, unread or due later, and nothing is taken",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        const producer = new Producer();
        const texts = ["held", "given back", "retried", "unread"];
        for (const text of texts) {
          await appendAll(store, [producer.batch(text)]);
          await stage.advance(5);
        }
        const [, givenBack, retried] = await store.claim(QUEUE, 3);
        await store.settle(QUEUE, [progress(givenBack!, "return", [])]);
        await store.settle(QUEUE, [removal(retried!, { retries: [retryOf(retried!, 0, 60_000)] })]);
        const shown = await peek(store);
        expect(bodiesOf(shown)).toEqual(["held", "given back", "unread", "retried"]);
        expect(shown).toMatchObject([
          { state: "held", holder: expect.stringMatching(/./), attempt: 1 },
          { state: "waiting", holder: undefined, attempt: 1 },
          { state: "waiting", holder: undefined, attempt: 1 },
          { state: "retry", holder: undefined, attempt: 2 },
        ]);
        const nowMs = stage.clock.now();
        expect(shown[2]!.sinceMs).toBeLessThanOrEqual(nowMs);
        expect(shown[3]!.sinceMs).toBeGreaterThan(nowMs + 50_000);
        expect((await takeNow(store, QUEUE)).flatMap(({ count }) => count)).toEqual([1, 1]);
      },
      { needs },
    ),

    promise(
      "of an entry that is held it is shown what is settled",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        await appendAll(store, [new Producer().batch("a", "b", "c")]);
        const [entry] = await store.claim(QUEUE, 1);
        await store.settle(QUEUE, [progress(entry!, "keep", [{ from: 0, to: 2 }])]);
        expect(await peek(store)).toMatchObject([{ count: 3, settled: [{ from: 0, to: 2 }] }]);
      },
      { needs },
    ),

    promise(
      "no more entries are shown than hold the messages asked for",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        const producer = new Producer();
        await appendAll(store, [producer.batch("a", "b"), producer.batch("c"), producer.batch("d")]);
        expect(bodiesOf(await peek(store, 1))).toEqual(["a", "b"]);
        expect(bodiesOf(await peek(store, 3))).toEqual(["a", "b", "c"]);
        expect(await administrationOf(store).peek({ address: "receiver:nobody", subscription: "" }, 10)).toEqual([]);
      },
      { needs },
    ),

    promise(
      "what is shown ends with the entry that makes it 4 MiB",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        const producer = new Producer();
        const large = ["1", "2", "3", "4", "5", "6"].map((digit) => digit.repeat(MAX_PEEKED_BYTES / 4));
        for (const body of large) await appendAll(store, [producer.batch(body)]);
        expect(bodiesOf(await peek(store)).map(([digit]) => digit)).toEqual(["1", "2", "3", "4"]);
      },
      { needs },
    ),

    promise(
      "it is told what is held and by whom, what waits for its retry, and what is dead",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        const producer = new Producer();
        await appendAll(store, [producer.batch("a"), producer.batch("b", "c"), producer.batch("d")]);
        const [one, two] = await store.claim(QUEUE, 2);
        const describe = async () => administrationOf(store).describe(QUEUE.address);
        const holders = [{ instance: expect.stringMatching(/./), heldEntries: 2 }];
        expect(await describe()).toMatchObject({
          published: 4,
          subscriptions: [{ depth: 4, heldEntries: 2, waitingRetries: 0, deadLetters: 0, holders }],
        });
        const more = { retries: [retryOf(one!, 0, 60_000)], deadLetters: [deadLetterOf(one!, 0, "bad")] };
        await store.settle(QUEUE, [removal(one!, { ackedMessages: 0, ...more })]);
        const after = await describe();
        expect(after?.subscriptions).toMatchObject([{ heldEntries: 1, waitingRetries: 1, deadLetters: 1 }]);
        await store.settle(QUEUE, [progress(two!, "return", [])]);
        expect((await describe())?.subscriptions, "given back").toMatchObject([{ heldEntries: 0, holders: [] }]);
        expect(await administrationOf(store).describe("receiver:nobody")).toBeUndefined();
      },
      { needs },
    ),

    promise(
      "it is seen who reads a subscription, though no message comes",
      async (stage) => {
        const billing = { address: "topic:orders", subscription: "billing" };
        const { broker, store } = await stage.broker();
        await store.open({ ...billing, subscription: "audit" }, "latest");
        const seen = async (address: string) =>
          (await administrationOf(store).describe(address))?.subscriptions
            .map(({ subscription, watchers }) => `${subscription}:${watchers}`)
            .toSorted();
        const readers = [await stage.reader(broker), await stage.reader(broker, { ...billing, startFrom: "latest" })];
        await stage.until("the receiver is seen", async () => String(await seen(QUEUE.address)) === ":1");
        await stage.until("billing is seen", async () => String(await seen(billing.address)) === "audit:0,billing:1");
        await stage.reader((await stage.broker()).broker, { ...billing, startFrom: "latest" });
        await stage.until("both are seen", async () => String(await seen(billing.address)) === "audit:0,billing:2");
        for (const { subscription } of readers) await stage.finish(subscription.close());
        await stage.until("one has left", async () => String(await seen(billing.address)) === "audit:0,billing:1");
        expect(await seen(QUEUE.address)).toEqual([":0"]);
      },
      { needs },
    ),

    promise(
      "dead letters are shown page by page, by reason or by id, with when they died",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        const beforeMs = stage.clock.now();
        await letDie(stage, store, ["no such order: 1", "timeout: 2", "no such order: 3"]);
        const letters = await deadLettersOf(store, QUEUE, { limit: 2 });
        expect(bodiesOf(letters)).toEqual(["no such order: 1", "timeout: 2", "no such order: 3"]);
        expect(letters.map(({ reason, attempts }) => [reason, attempts])).toEqual([
          ["no such order", 1],
          ["timeout", 1],
          ["no such order", 1],
        ]);
        for (const { diedAtMs } of letters) expect(diedAtMs).toBeGreaterThanOrEqual(beforeMs - 1);
        expect(bodiesOf(await deadLettersOf(store, QUEUE, { reason: "such" }))).toEqual([
          "no such order: 1",
          "no such order: 3",
        ]);
        expect(await administrationOf(store).findDeadLetter(QUEUE, letters[1]!.id)).toEqual(letters[1]);
        expect(await administrationOf(store).findDeadLetter(QUEUE, "none")).toBeUndefined();
      },
      { needs },
    ),
  ],
};
