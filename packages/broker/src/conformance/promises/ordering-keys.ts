import { expect } from "vitest";
import { KeyWatch } from "../key-watch.ts";
import { connectTo, deadLetterOf, progress, QUEUE, removal, take, takeNow, textsOf } from "../entries.ts";
import { appendAll, Producer } from "../producer.ts";
import { promise, type PromiseGroup } from "../promise.ts";
import { PLENTY, type Reader } from "../reader.ts";
import type { Stage } from "../stage.ts";

const KEYS = ["red", "green", "blue", "grey"];

/** `count` batches of each key, of one to three messages, as a {@link KeyWatch} wants their texts. */
function batchesOfKeys(producer: Producer, count: number) {
  const sent = new Map<string, number>();
  return Array.from({ length: count * KEYS.length }, (_, index) => {
    const key = KEYS[index % KEYS.length]!;
    const from = sent.get(key) ?? 0;
    const texts = Array.from({ length: 1 + (index % 3) }, (__, place) => `${key}/${from + place + 1}`);
    sent.set(key, from + texts.length);
    return { texts, batch: producer.ordered(key, ...texts) };
  });
}

/** A reader that has granted plenty, under the eyes of a watch. */
async function watched(
  stage: Stage,
  broker: Parameters<Stage["reader"]>[0],
  watch: KeyWatch,
  consumer: string,
): Promise<Reader> {
  const reader = await stage.reader(broker, { consumer });
  reader.onMessage = (message) => watch.note(message, reader);
  return reader.grant();
}

/** Acks the oldest message in each reader's hands. */
function ackOne(readers: readonly Reader[], watch: KeyWatch): void {
  for (const reader of readers) {
    const message = reader.open[0];
    if (message === undefined) continue;
    watch.end([message], "ack", 3);
    reader.settleMessages("ack", [message]);
  }
}

/** Messages with the same ordering key are handled in publish order, however many consumers and brokers there are. */
export const orderingKeys: PromiseGroup = {
  title: "ordering keys",
  cases: [
    promise(
      "messages of one ordering key come one after the other to many consumers of many brokers",
      async (stage) => {
        const watch = new KeyWatch();
        const brokers = [await stage.broker(), await stage.broker(), await stage.broker()];
        const readers: Reader[] = [];
        for (const { broker } of brokers) {
          for (const consumer of ["one", "two"]) readers.push(await watched(stage, broker, watch, consumer));
        }
        const published = batchesOfKeys(new Producer(), 20);
        for (let from = 0; from < published.length; from += 8) {
          const { broker } = brokers[(from / 8) % 3]!;
          await stage.finish(Promise.all(published.slice(from, from + 8).map(({ batch }) => broker.publish(batch))));
          ackOne(readers, watch);
        }
        const all = published.flatMap(({ texts }) => texts);
        await stage.until("all are handled", () => {
          ackOne(readers, watch);
          return (
            readers.flatMap(({ texts }) => texts).length >= all.length && readers.every(({ open }) => open.length === 0)
          );
        });
        expect(watch.overtakers).toEqual([]);
        expect(readers.flatMap(({ texts }) => texts).toSorted()).toEqual(all.toSorted());
        expect(readers.filter(({ texts }) => texts.length > 0).length).toBeGreaterThan(1);
      },
    ),

    promise("messages of different ordering keys go to different consumers at the same time", async (stage) => {
      const { broker } = await stage.broker();
      const readers = [await stage.reader(broker), await stage.reader(broker, { consumer: "consumer-02" })];
      for (const reader of readers) reader.grant();
      const producer = new Producer();
      await stage.finish(broker.publish(producer.ordered("red", "r1", "r2")));
      await stage.finish(broker.publish(producer.ordered("blue", "b1", "b2")));
      await stage.until("both are out", () => readers.every(({ texts }) => texts.length === 2));
      expect(readers.map(({ deliveries }) => deliveries.length)).toEqual([1, 1]);
    }),

    promise("a message that failed holds back its ordering key until it is acked, and no other", async (stage) => {
      const { broker } = await stage.broker();
      const reader = (await stage.reader(broker)).grant();
      const producer = new Producer();
      await stage.finish(broker.publish(producer.ordered("red", "r1", "r2", "r3")));
      await stage.finish(broker.publish(producer.ordered("red", "r4")));
      await stage.until("the first arrive", () => reader.texts.length === 3);
      reader.settle("ack", ["r1"]);
      const failedMs = stage.clock.now();
      reader.settle("fail", ["r2"], { delayMs: 100 });
      await stage.until("the rest is taken back", () => reader.revoked.length === 1);
      expect(reader.settle("ack", ["r3"]).map(({ error }) => error.code)).toEqual(["FAILED_PRECONDITION"]);
      await stage.finish(broker.publish(producer.ordered("blue", "b1")));
      await stage.until("another key goes on", () => reader.texts.includes("b1"));
      await stage.until("it comes again", () => reader.texts.length === 5);
      expect(stage.clock.now() - failedMs).toBeGreaterThanOrEqual(100);
      await stage.calm();
      expect(reader.messages.slice(4).map(({ text, attempt }) => `${text}:${attempt}`)).toEqual(["r2:2"]);
      reader.settle("ack", ["r2"]);
      await stage.until("the rest of its batch follows", () => reader.texts.length === 6);
      expect(reader.messages[5]).toMatchObject({ text: "r3", attempt: 1, redelivered: false });
      reader.settle("ack", ["r3"]);
      await stage.until("the next batch follows", () => reader.texts.length === 7);
      expect(reader.texts[6]).toBe("r4");
    }),

    promise("a message that used up its attempts lets its ordering key go on", async (stage) => {
      const { broker, store } = await stage.broker({ retryPolicy: { maxAttempts: 2, minDelayMs: 0, maxDelayMs: 0 } });
      const reader = (await stage.reader(broker)).grant();
      await stage.finish(broker.publish(new Producer().ordered("red", "r1", "r2", "r3")));
      await stage.until("all arrive", () => reader.texts.length === 3);
      reader.settle("fail", ["r1"], { reason: "no" });
      await stage.until("it comes again", () => reader.texts.length === 4);
      reader.settle("fail", ["r1"], { reason: "no, and no" });
      await stage.until("the others follow", () => reader.texts.length === 6);
      expect(reader.messages.slice(3).map(({ text, attempt }) => `${text}:${attempt}`)).toEqual([
        "r1:2",
        "r2:1",
        "r3:1",
      ]);
      reader.settle("reject", ["r2"], { reason: "never" });
      reader.settle("ack", ["r3"]);
      await stage.calm();
      expect(reader.texts).toHaveLength(6);
      expect(await takeNow(store, QUEUE)).toEqual([]);
    }),

    promise("a released message comes again before those of its ordering key that its consumer held", async (stage) => {
      const { broker } = await stage.broker();
      const reader = (await stage.reader(broker)).grant();
      await stage.finish(broker.publish(new Producer().ordered("red", "r1", "r2", "r3")));
      await stage.until("all arrive", () => reader.texts.length === 3);
      reader.settle("ack", ["r1"]);
      reader.settle("release", ["r2"]);
      await stage.until("they come again", () => reader.texts.length === 5);
      expect(reader.messages.slice(3).map(({ text, attempt }) => `${text}:${attempt}`)).toEqual(["r2:1", "r3:1"]);
    }),

    promise(
      "a crash counts for the first message of an ordering key that was held, and the others wait for it",
      async (stage) => {
        const { broker } = await stage.broker();
        const crashing = (await stage.reader(broker)).grant();
        await stage.finish(broker.publish(new Producer().ordered("red", "r1", "r2", "r3")));
        await stage.until("all arrive", () => crashing.texts.length === 3);
        const other = (await stage.reader(broker, { consumer: "consumer-02" })).grant();
        crashing.settle("ack", ["r1"]);
        crashing.subscription.crash();
        await stage.until("the first comes again", () => other.texts.length === 1);
        await stage.calm();
        expect(other.messages).toMatchObject([{ text: "r2", attempt: 2 }]);
        other.settle("ack", ["r2"]);
        await stage.until("the next follows", () => other.texts.length === 2);
        expect(other.messages[1]).toMatchObject({ text: "r3", attempt: 1, redelivered: true });
      },
    ),

    promise("credit cuts a batch with an ordering key into pieces that come one after the other", async (stage) => {
      const { broker } = await stage.broker();
      const readers = [await stage.reader(broker), await stage.reader(broker, { consumer: "consumer-02" })];
      for (const reader of readers) reader.grant({ messages: 2 });
      await stage.finish(broker.publish(new Producer().ordered("red", "1", "2", "3", "4", "5")));
      await stage.until("the first piece is out", () => readers.flatMap(({ texts }) => texts).length === 2);
      await stage.calm();
      const [holder, idle] = readers[0]!.texts.length > 0 ? readers : readers.toReversed();
      expect(idle!.texts).toEqual([]);
      holder!.ackAll();
      await stage.until("the other has the next", () => idle!.texts.length === 2);
      expect(idle!.texts).toEqual(["3", "4"]);
      holder!.grant();
      idle!.ackAll();
      await stage.until("the last is out", () => holder!.texts.length === 3);
      expect(holder!.texts[2]).toBe("5");
    }),

    promise(
      "attempts of a message with an ordering key are counted over brokers, and its pause outlives them",
      async (stage) => {
        const dying = await stage.broker();
        const reader = (await stage.reader(dying.broker)).grant();
        await stage.finish(dying.broker.publish(new Producer().ordered("red", "r1", "r2")));
        await stage.until("both arrive", () => reader.texts.length === 2);
        const failedMs = stage.clock.now();
        reader.settle("fail", ["r1"], { delayMs: 400 });
        await stage.finish(reader.subscription.close());
        const heir = await stage.broker();
        const next = (await stage.reader(heir.broker)).grant();
        await stage.until("it comes again", () => next.texts.length === 1);
        expect(stage.clock.now() - failedMs).toBeGreaterThanOrEqual(390);
        expect(next.messages).toMatchObject([{ text: "r1", attempt: 2 }]);
        next.settle("ack", ["r1"]);
        await stage.until("the other follows", () => next.texts.length === 2);
        expect(next.messages[1]).toMatchObject({ text: "r2", attempt: 1 });
      },
    ),

    promise("a dead broker's ordering keys go on in order with the others", async (stage) => {
      const dying = await stage.broker();
      const living = await stage.broker();
      const reader = (await stage.reader(dying.broker)).grant({ messages: 1 });
      const producer = new Producer();
      await stage.finish(dying.broker.publish(producer.ordered("red", "r1")));
      await stage.until("it arrives", () => reader.texts.length === 1);
      const other = (await stage.reader(living.broker, { consumer: "consumer-02" })).grant();
      for (const text of ["r2", "r3"]) await stage.finish(living.broker.publish(producer.ordered("red", text)));
      await stage.calm();
      expect(other.texts).toEqual([]);
      await stage.kill(dying.store);
      await stage.until("the other has the first", () => other.texts.length === 1);
      expect(other.messages).toMatchObject([{ text: "r1", attempt: 1, redelivered: true }]);
      other.ackAll();
      await stage.until("the second follows", () => other.texts.length === 2);
      other.ackAll();
      await stage.until("the third follows", () => other.texts.length === 3);
      expect(other.texts).toEqual(["r1", "r2", "r3"]);
    }),

    promise("an ordering key that waits for one consumer's credit holds back no other", async (stage) => {
      const { broker } = await stage.broker();
      const reader = await stage.reader(broker);
      const producer = new Producer();
      for (let number = 1; number <= 150; number++) {
        await stage.finish(broker.publish(producer.ordered("red", `r${number}`)));
      }
      await stage.finish(broker.publish(producer.ordered("blue", "b1")));
      reader.grant({ ...PLENTY, messages: 20 });
      await stage.until("the other key's is there", () => reader.texts.includes("b1"));
      expect(reader.texts).toEqual(["r1", "b1"]);
    }),

    promise("messages past their time leave their ordering key to those after them", async (stage) => {
      const { broker } = await stage.broker();
      const reader = await stage.reader(broker);
      const producer = new Producer();
      const timed = { orderingKey: "red", ttlMs: 200 };
      const message = (body: string) => ({ body, timeMs: stage.clock.now() });
      await stage.finish(broker.publish(producer.batchWith(timed, message("late"), message("later"))));
      await stage.finish(broker.publish(producer.ordered("red", "r1")));
      await stage.advance(300);
      reader.grant();
      await stage.until("the next is there", () => reader.texts.length === 1);
      expect(reader.texts).toEqual(["r1"]);
    }),

    promise("an entry names the one before it with its ordering key, as long as that is not settled", async (stage) => {
      const store = await connectTo(stage, QUEUE);
      const producer = new Producer();
      await appendAll(store, [producer.ordered("red", "r1"), producer.ordered("blue", "b1"), producer.batch("plain")]);
      await appendAll(store, [producer.ordered("red", "r2")]);
      const [r1, b1, plain, r2] = await take(stage, store, QUEUE, 4);
      expect([r1!.turn?.after, b1!.turn?.after, plain!.turn, r2!.turn?.after]).toEqual(["", "", undefined, r1!.ref]);
      const waiting = [{ ref: r2!.ref, after: r1!.ref }];
      expect(await store.turns(QUEUE, waiting)).toEqual(["waits"]);
      await store.settle(QUEUE, [progress(r1!, "keep", []), removal(b1!)]);
      expect(await store.turns(QUEUE, waiting)).toEqual(["waits"]);
      await store.settle(QUEUE, [removal(r1!, { deadLetters: [deadLetterOf(r1!, 0, "no")], ackedMessages: 0 })]);
      expect(await store.turns(QUEUE, waiting)).toEqual(["next"]);
      await store.settle(QUEUE, [removal(r2!)]);
      await appendAll(store, [producer.ordered("red", "r3")]);
      const [r3] = await take(stage, store, QUEUE, 1);
      expect(await store.turns(QUEUE, [{ ref: r3!.ref, after: r3!.turn!.after || "none" }])).toEqual(["next"]);
    }),

    promise("an entry goes over to the instance that owns the one before it with its ordering key", async (stage) => {
      const [first, second] = [await connectTo(stage, QUEUE), await connectTo(stage, QUEUE)];
      const producer = new Producer();
      await appendAll(
        first,
        [1, 2, 3].map((number) => producer.ordered("red", `r${number}`)),
      );
      const [r1] = await first.claim(QUEUE, 1);
      let woken = false;
      first.watch(QUEUE.address, () => {
        woken = true;
      });
      const later = await take(stage, second, QUEUE, 2);
      const waiting = later.map(({ ref, turn }) => ({ ref, after: turn!.after }));
      expect(await second.turns(QUEUE, waiting)).toEqual(["moved", "moved"]);
      await stage.until("the owner is woken", () => woken);
      expect(await second.settle(QUEUE, [removal(later[0]!)])).toEqual([later[0]!.ref]);
      const handed = await take(stage, first, QUEUE, 2);
      expect(handed.map(({ turn, redelivered }) => [turn?.after, redelivered])).toEqual([
        [r1!.ref, false],
        [handed[0]!.ref, false],
      ]);
      expect(await takeNow(first, QUEUE)).toEqual([]);
    }),

    promise("an instance that leaves a subscription gives back what it was never told of", async (stage) => {
      const [first, second] = [await connectTo(stage, QUEUE), await connectTo(stage, QUEUE)];
      const producer = new Producer();
      await appendAll(first, [producer.ordered("red", "r1"), producer.ordered("red", "r2")]);
      const [r1] = await first.claim(QUEUE, 1);
      const [r2] = await take(stage, second, QUEUE, 1);
      expect(await second.turns(QUEUE, [{ ref: r2!.ref, after: r1!.ref }])).toEqual(["moved"]);
      await first.settle(QUEUE, [progress(r1!, "return", [])]);
      await first.leave(QUEUE);
      expect((await take(stage, second, QUEUE, 2)).flatMap(textsOf)).toEqual(["r1", "r2"]);
      expect(await takeNow(first, QUEUE)).toEqual([]);
    }),

    promise("failures of a message with an ordering key that are noted twice count once", async (stage) => {
      const store = await connectTo(stage, QUEUE);
      await appendAll(store, [new Producer().ordered("red", "r1", "r2", "r3")]);
      const [entry] = await take(stage, store, QUEUE, 1);
      const failed = (times: number, total: number) => ({
        setback: { failures: [{ index: 1, times, crashes: times - 1 }], total, pauseMs: 0 },
      });
      const settled = [{ from: 0, to: 1 }];
      const older = progress(entry!, "keep", settled, failed(1, 1));
      const newer = progress(entry!, "keep", settled, failed(2, 2));
      for (const settlement of [older, newer, older]) await store.settle(QUEUE, [settlement]);
      await store.settle(QUEUE, [progress(entry!, "return", settled, failed(2, 2))]);
      const [again] = await take(stage, store, QUEUE, 1);
      expect(again?.settled).toEqual(settled);
      expect(again?.turn?.setback).toEqual(failed(2, 2).setback);
    }),
  ],
};
