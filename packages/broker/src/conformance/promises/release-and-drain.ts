import { expect } from "vitest";
import { connectTo, progress, QUEUE, removal, take, textsOf } from "../entries.ts";
import { appendAll, Producer } from "../producer.ts";
import { promise, type PromiseGroup } from "../promise.ts";

/** What is given back is not counted: release, the end of a subscription, a drain, the end of a broker. */
export const releaseAndDrain: PromiseGroup = {
  title: "release and drain",
  cases: [
    promise("a released message comes again at once, uncounted", async (stage) => {
      const { broker } = await stage.broker();
      const reader = (await stage.reader(broker)).grant();
      await stage.finish(broker.publish(new Producer().batch("a", "b")));
      await stage.until("both arrive", () => reader.texts.length === 2);
      reader.settle("ack", ["b"]);
      reader.settle("release", ["a"]);
      await stage.until("a comes again", () => reader.texts.length === 3);
      expect(reader.messages[2]).toMatchObject({ text: "a", attempt: 1 });
    }),

    promise("what was given back says that it may have been seen, whoever gets it", async (stage) => {
      const { broker } = await stage.broker();
      const first = (await stage.reader(broker)).grant();
      await stage.finish(broker.publish(new Producer().batch("a", "b")));
      await stage.until("both arrive", () => first.texts.length === 2);
      expect(first.messages.map(({ redelivered }) => redelivered)).toEqual([false, false]);
      first.settle("release", ["a"]);
      await stage.until("it comes again", () => first.texts.length === 3);
      const second = (await stage.reader(broker, { consumer: "consumer-02" })).grant();
      await stage.finish(first.subscription.close());
      await stage.until("both come again", () => second.texts.length === 2);
      const again = [...first.messages.slice(2), ...second.messages];
      expect(again.map(({ attempt, redelivered }) => ({ attempt, redelivered }))).toEqual(
        Array.from({ length: 3 }, () => ({ attempt: 1, redelivered: true })),
      );
    }),

    promise("a message released more often than maxAttempts is still handed out", async (stage) => {
      const { broker } = await stage.broker();
      const reader = (await stage.reader(broker)).grant();
      await stage.finish(broker.publish(new Producer().batch("a")));
      for (let times = 1; times <= 8; times++) {
        await stage.until("it comes", () => reader.texts.length === times);
        reader.settle("release", ["a"]);
      }
      expect(reader.messages.every(({ attempt }) => attempt === 1)).toBe(true);
    }),

    promise(
      "closing a subscription gives back what is unsettled, in order and uncounted, to the other consumers",
      async (stage) => {
        const { broker } = await stage.broker();
        const leaving = (await stage.reader(broker)).grant({ messages: 3 });
        const staying = await stage.reader(broker, { consumer: "consumer-02" });
        await stage.finish(broker.publish(new Producer().batch("a", "b", "c", "d")));
        await stage.until("three arrive", () => leaving.texts.length === 3);
        leaving.settle("ack", ["b"]);
        await stage.finish(leaving.subscription.close());
        staying.grant();
        await stage.until("the others arrive", () => staying.texts.length === 3);
        expect(staying.texts).toEqual(["a", "c", "d"]);
        expect(staying.messages.every(({ attempt }) => attempt === 1)).toBe(true);
        expect(leaving.end).toEqual({});
      },
    ),

    promise("what was settled before an instance closes stays settled", async (stage) => {
      const [leaving, heir] = [await connectTo(stage, QUEUE), await stage.connect()];
      await appendAll(leaving, [new Producer().batch("a"), new Producer().batch("b")]);
      const [first] = await take(stage, leaving, QUEUE, 2);
      const settled = leaving.settle(QUEUE, [removal(first!)]);
      await leaving.close();
      await settled;
      expect((await take(stage, heir, QUEUE, 1)).flatMap(textsOf)).toEqual(["b"]);
    }),

    promise("the last consumer's messages go back to the store, for any broker to have", async (stage) => {
      const [here, there] = [await stage.broker(), await stage.broker()];
      const leaving = (await stage.reader(here.broker)).grant();
      await stage.finish(here.broker.publish(new Producer().batch("a", "b", "c")));
      await stage.until("all arrive", () => leaving.texts.length === 3);
      leaving.settle("ack", ["b"]);
      await stage.finish(leaving.subscription.close());
      const next = (await stage.reader(there.broker)).grant();
      await stage.until("the rest arrives", () => next.texts.length === 2);
      await stage.calm();
      expect(next.texts).toEqual(["a", "c"]);
      expect(next.messages.every(({ attempt }) => attempt === 1)).toBe(true);
    }),

    promise("a draining consumer is handed nothing more, and its outcomes still count", async (stage) => {
      const { broker } = await stage.broker();
      const reader = (await stage.reader(broker)).grant();
      const producer = new Producer();
      await stage.finish(broker.publish(producer.batch("a")));
      await stage.until("it arrives", () => reader.texts.length === 1);
      reader.subscription.drain();
      await stage.finish(broker.publish(producer.batch("b")));
      await stage.calm();
      expect(reader.texts).toEqual(["a"]);
      expect(reader.ackAll()).toEqual([]);
      const other = (await stage.reader(broker, { consumer: "consumer-02" })).grant();
      await stage.until("another consumer has the next", () => other.texts.length === 1);
      expect(other.texts).toEqual(["b"]);
    }),

    promise(
      "a closing broker waits for what is held until its deadline, and gives back the rest uncounted",
      async (stage) => {
        const closing = await stage.broker();
        const reader = (await stage.reader(closing.broker)).grant();
        await stage.finish(closing.broker.publish(new Producer().batch("a", "b")));
        await stage.until("both arrive", () => reader.texts.length === 2);
        const closed = closing.broker.close({ deadlineMs: 200 });
        await stage.advance(50);
        expect(reader.settle("ack", ["a"])).toEqual([]);
        await stage.finish(closed);
        expect(reader.end).toEqual({});
        const heir = await stage.broker();
        const next = (await stage.reader(heir.broker)).grant();
        await stage.until("the rest arrives", () => next.texts.length > 0);
        await stage.calm();
        expect(next.messages.map(({ text, attempt }) => ({ text, attempt }))).toEqual([{ text: "b", attempt: 1 }]);
      },
    ),

    promise("a closed broker takes nothing more", async (stage) => {
      const { broker } = await stage.broker();
      const producer = new Producer();
      const reader = (await stage.reader(broker)).grant();
      await stage.finish(broker.publish(producer.batch("a")));
      await stage.until("it arrives", () => reader.texts.length === 1);
      const closed = broker.close({ deadlineMs: 200 });
      const unavailable = { code: "UNAVAILABLE", retryable: true };
      const late = producer.batch("late");
      await expect(stage.finish(broker.publish(late)), "while it waits").rejects.toMatchObject(unavailable);
      await expect(stage.reader(broker), "while it waits").rejects.toMatchObject(unavailable);
      await stage.finish(closed);
      await expect(stage.finish(broker.publish(late))).rejects.toMatchObject(unavailable);
      await expect(stage.reader(broker)).rejects.toMatchObject(unavailable);
      await expect(stage.finish(broker.ping())).rejects.toMatchObject(unavailable);
    }),

    promise("a returned entry can be had by any instance, less what was settled", async (stage) => {
      const owner = await connectTo(stage, QUEUE);
      const other = await connectTo(stage, QUEUE);
      await appendAll(owner, [new Producer().batch("a", "b", "c")]);
      const [entry] = await take(stage, owner, QUEUE, 1);
      await owner.settle(QUEUE, [progress(entry!, "return", [{ from: 1, to: 3 }])]);
      const [again] = await take(stage, other, QUEUE, 1);
      expect(textsOf(again!)).toEqual(["a"]);
      expect(again).toMatchObject({ attempt: 1, redelivered: true });
      expect(await owner.settle(QUEUE, [progress(entry!, "keep", [{ from: 0, to: 3 }])])).toEqual([entry!.ref]);
    }),
  ],
};
