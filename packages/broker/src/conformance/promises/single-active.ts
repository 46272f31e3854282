import { expect } from "vitest";
import { connectTo, QUEUE, take, takeNow, textsOf } from "../entries.ts";
import { appendAll, Producer } from "../producer.ts";
import { promise, type PromiseGroup } from "../promise.ts";
import type { Reader } from "../reader.ts";
import type { Stage } from "../stage.ts";

type StagedBroker = Parameters<Stage["reader"]>[0];

/** Joins as a consumer that wants to be the only one, with plenty of credit. */
async function single(stage: Stage, broker: StagedBroker, consumer: string): Promise<Reader> {
  return (await stage.reader(broker, { consumer, singleActive: true })).grant();
}

function texts(count: number, from = 1): string[] {
  return Array.from({ length: count }, (_, index) => String(from + index));
}

/** Of all consumers of a subscription that ask for it, one at a time is handed messages. */
export const singleActive: PromiseGroup = {
  title: "single active consumer",
  cases: [
    promise("of consumers that ask to be the only active one, the first gets everything", async (stage) => {
      const [one, two] = [await stage.broker(), await stage.broker()];
      const first = await single(stage, one.broker, "first");
      const producer = new Producer();
      await stage.finish(one.broker.publish(producer.batch("1")));
      await stage.until("the first is active", () => first.texts.length === 1);
      const others = [await single(stage, one.broker, "second"), await single(stage, two.broker, "third")];
      const batches = texts(30, 2).map((text) => producer.batch(text));
      await stage.finish(Promise.all(batches.map((batch) => two.broker.publish(batch))));
      await stage.until("all arrive", () => first.texts.length === 31);
      await stage.calm();
      expect(first.texts).toEqual(texts(31));
      expect(others.flatMap((other) => other.texts)).toEqual([]);
    }),

    promise("when the active consumer leaves, the next of its broker goes on in order", async (stage) => {
      const { broker } = await stage.broker();
      const first = (await stage.reader(broker, { singleActive: true })).grant({ messages: 3 });
      const second = await single(stage, broker, "second");
      await stage.finish(broker.publish(new Producer().batch(...texts(6))));
      await stage.until("the first has its share", () => first.texts.length === 3);
      first.settle("ack", ["1"]);
      first.subscription.drain();
      await stage.calm();
      // What the first still holds comes before all that follows.
      expect(second.texts).toEqual([]);
      first.settle("ack", ["2"]);
      await stage.finish(first.subscription.close());
      await stage.until("the second has the rest", () => second.texts.length === 4);
      expect(second.texts).toEqual(["3", "4", "5", "6"]);
    }),

    promise("when the active consumer's broker closes, another one's goes on at once", async (stage) => {
      const [one, two] = [await stage.broker(), await stage.broker()];
      const first = (await stage.reader(one.broker, { singleActive: true })).grant({ messages: 2 });
      await stage.finish(one.broker.publish(new Producer().batch(...texts(4))));
      await stage.until("the first is active", () => first.texts.length === 2);
      const second = await single(stage, two.broker, "second");
      await stage.calm();
      first.settle("ack", ["1"]);
      await stage.finish(one.broker.close({ deadlineMs: 0 }));
      await stage.until("the second has the rest", () => second.texts.length === 3);
      expect(second.texts).toEqual(["2", "3", "4"]);
    }),

    promise("when the active consumer's broker dies, another one's goes on with what it held", async (stage) => {
      const [one, two] = [await stage.broker(), await stage.broker()];
      const first = (await stage.reader(one.broker, { singleActive: true })).grant({ messages: 1 });
      const producer = new Producer();
      await stage.finish(Promise.all(producer.batches(3).map((batch) => one.broker.publish(batch))));
      await stage.until("the first is active", () => first.texts.length === 1);
      const second = await single(stage, two.broker, "second");
      await stage.calm();
      expect(second.texts).toEqual([]);
      await stage.kill(one.store);
      await stage.until("the second has all", () => second.texts.length === 3);
      expect(second.texts).toEqual(["1", "2", "3"]);
      expect(second.messages.map(({ redelivered }) => redelivered)).toEqual([true, false, false]);
    }),

    promise("when the active consumer crashes, the next goes on, and what it held is retried", async (stage) => {
      const { broker } = await stage.broker();
      const first = (await stage.reader(broker, { singleActive: true })).grant({ messages: 1 });
      const second = await single(stage, broker, "second");
      await stage.finish(broker.publish(new Producer().batch("1", "2")));
      await stage.until("the first is active", () => first.texts.length === 1);
      first.subscription.crash();
      await stage.until("the second has both", () => second.texts.length === 2);
      expect(second.messages.find(({ text }) => text === "1")).toMatchObject({ attempt: 2 });
    }),

    promise(
      "a broker that was only taken for dead stops handing out, and its consumer is told",
      async (stage) => {
        const [one, two] = [await stage.broker(), await stage.broker()];
        const first = await single(stage, one.broker, "first");
        const producer = new Producer();
        await stage.finish(one.broker.publish(producer.batch("1")));
        await stage.until("the first is active", () => first.texts.length === 1);
        await stage.suspend(one.store);
        const second = await single(stage, two.broker, "second");
        await stage.until("the second has it", () => second.texts.length === 1);
        await stage.until("the first is told", () => first.revoked.length === 1);
        await stage.finish(two.broker.publish(producer.batch("2")));
        await stage.until("the second has the next", () => second.texts.length === 2);
        await stage.calm();
        expect(first.texts).toEqual(["1"]);
      },
      { needs: ["suspension"] },
    ),

    promise(
      "a consumer that shares is refused where others ask to be the only active one, and the reverse",
      async (stage) => {
        const [one, two] = [await stage.broker(), await stage.broker()];
        const sharing = (await stage.reader(one.broker)).grant();
        await expect(stage.reader(one.broker, { singleActive: true })).rejects.toMatchObject({
          code: "FAILED_PRECONDITION",
        });
        const active = await single(stage, two.broker, "active");
        await stage.until("the one that shares is told to go", () => sharing.end);
        expect(sharing.end).toMatchObject({ error: { code: "FAILED_PRECONDITION" } });
        await expect(stage.reader(two.broker)).rejects.toMatchObject({ code: "FAILED_PRECONDITION" });
        await stage.finish(one.broker.publish(new Producer().batch("1")));
        await stage.until("the active one has it", () => active.texts.length === 1);
        const late = (await stage.reader(one.broker)).grant();
        await stage.until("who comes late is told to go", () => late.end);
        expect(late.texts).toEqual([]);
        await stage.finish(active.subscription.close());
        const after = (await stage.reader(one.broker)).grant();
        await stage.until("with none left, it may share", () => after.texts.length === 1);
      },
    ),

    promise("an instance keeps its reservation until it leaves, closes or dies", async (stage) => {
      const [one, two, three] = [
        await connectTo(stage, QUEUE),
        await connectTo(stage, QUEUE),
        await connectTo(stage, QUEUE),
      ];
      expect([await one.reserve(QUEUE), await two.reserve(QUEUE), await one.reserve(QUEUE)]).toEqual([
        true,
        false,
        true,
      ]);
      expect([(await one.sweep(QUEUE, 0)).isReserved, (await two.sweep(QUEUE, 0)).isReserved]).toEqual([false, true]);
      let woken = false;
      two.watch(QUEUE.address, () => {
        woken = true;
      });
      await appendAll(one, [new Producer().batch("a")]);
      await take(stage, one, QUEUE, 1);
      await stage.until("the append has woken it", () => woken);
      woken = false;
      await stage.until("leaving wakes the others", async () => {
        await one.leave(QUEUE);
        return woken;
      });
      expect(await two.reserve(QUEUE)).toBe(true);
      expect((await takeNow(two, QUEUE)).flatMap(textsOf)).toEqual(["a"]);
      await two.close();
      expect(await three.reserve(QUEUE)).toBe(true);
      await stage.kill(three);
      expect(await one.reserve(QUEUE)).toBe(true);
    }),
  ],
};
