import { decodeBatchHeader, readMessages } from "@chappe/message";
import { expect } from "vitest";
import type { DeadLetter, Store, SubscriptionName } from "../../store.ts";
import { connectTo, deadLetterOf, QUEUE, removal, take, takeNow } from "../entries.ts";
import { inspectable } from "../inspectable.ts";
import { appendAll, Producer } from "../producer.ts";
import { promise, type PromiseGroup } from "../promise.ts";

function deadLetters(store: Store, name: SubscriptionName = QUEUE, limit = 100): Promise<readonly DeadLetter[]> {
  return inspectable(store).deadLetters(name, limit);
}

function textOf({ headerBytes, records, first, count }: DeadLetter): string | undefined {
  return readMessages({ header: decodeBatchHeader(headerBytes), records, first, count })[0]?.text();
}

const needs = ["inspection"] as const;

/** Where messages go that will not be tried again. They keep their bytes, their reason and how often they were tried. */
export const deadLettersGroup: PromiseGroup = {
  title: "dead letters",
  cases: [
    promise(
      "a rejected message goes to the dead letters with its reason, and is never handed out again",
      async (stage) => {
        const { broker, store } = await stage.broker();
        const reader = (await stage.reader(broker)).grant();
        await stage.finish(broker.publish(new Producer().batch("a", "b", "c")));
        await stage.until("all arrive", () => reader.texts.length === 3);
        reader.settle("reject", ["b"], { reason: "no such order" });
        reader.settle("ack", ["a", "c"]);
        const [dead] = await stage.until("it is a dead letter", async () => {
          const found = await deadLetters(store);
          return found.length > 0 ? found : undefined;
        });
        expect(dead).toMatchObject({ count: 1, first: 1, attempts: 1, reason: "no such order" });
        expect(textOf(dead!)).toBe("b");
        await stage.calm();
        expect(reader.texts).toEqual(["a", "b", "c"]);
      },
      { needs },
    ),

    promise(
      "a message that used up its attempts goes to the dead letters with its last reason",
      async (stage) => {
        const { broker, store } = await stage.broker({ retryPolicy: { maxAttempts: 2, minDelayMs: 0, maxDelayMs: 0 } });
        const reader = (await stage.reader(broker)).grant();
        await stage.finish(broker.publish(new Producer().batch("a")));
        for (const attempt of [1, 2]) {
          await stage.until("it arrives", () => reader.texts.length === attempt);
          reader.settle("fail", ["a"], { reason: `reason ${attempt}` });
        }
        const [dead] = await stage.until("it is a dead letter", async () => {
          const found = await deadLetters(store);
          return found.length > 0 ? found : undefined;
        });
        expect(dead).toMatchObject({ attempts: 2 });
        expect(dead?.reason).toContain("reason 2");
        expect(textOf(dead!)).toBe("a");
      },
      { needs },
    ),

    promise(
      "dead letters are listed oldest first, as many as asked for",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        await appendAll(store, [new Producer().batch("a", "b"), new Producer().batch("c")]);
        const [ab, c] = await take(stage, store, QUEUE, 2);
        await store.settle(QUEUE, [removal(c!, { deadLetters: [deadLetterOf(c!, 0, "third letter first")] })]);
        const both = [deadLetterOf(ab!, 0, "then"), deadLetterOf(ab!, 1, "last")];
        await store.settle(QUEUE, [removal(ab!, { deadLetters: both })]);
        expect((await deadLetters(store)).map(textOf)).toEqual(["c", "a", "b"]);
        expect((await deadLetters(store, QUEUE, 2)).map(({ reason }) => reason)).toEqual([
          "third letter first",
          "then",
        ]);
      },
      { needs },
    ),

    promise(
      "a refused settlement writes no dead letter",
      async (stage) => {
        const owner = await connectTo(stage, QUEUE);
        const stranger = await connectTo(stage, QUEUE);
        await appendAll(owner, [new Producer().batch("a")]);
        const [entry] = await take(stage, owner, QUEUE, 1);
        const settlement = removal(entry!, { deadLetters: [deadLetterOf(entry!, 0, "foreign")] });
        expect(await stranger.settle(QUEUE, [settlement])).toEqual([entry!.ref]);
        expect(await deadLetters(stranger)).toEqual([]);
      },
      { needs },
    ),

    promise(
      "dead letters belong to their subscription, and outlive the instance that wrote them",
      async (stage) => {
        const billing = { address: "topic:orders", subscription: "billing" };
        const audit = { address: "topic:orders", subscription: "audit" };
        const store = await connectTo(stage, billing);
        await store.open(audit, "earliest");
        await appendAll(store, [new Producer("topic:orders").batch("a")]);
        const [entry] = await take(stage, store, billing, 1);
        await store.settle(billing, [removal(entry!, { deadLetters: [deadLetterOf(entry!, 0, "bad")] })]);
        await stage.kill(store);
        const other = await stage.connect();
        expect((await deadLetters(other, billing)).map(textOf)).toEqual(["a"]);
        expect(await deadLetters(other, audit)).toEqual([]);
        expect(await takeNow(other, audit)).toHaveLength(1);
      },
      { needs },
    ),
  ],
};
