import { decodeBatchHeader, MAX_BATCH_MESSAGES, MAX_MESSAGE_BYTES, messageIdAt } from "@chappe/message";
import { expect } from "vitest";
import { connectTo, QUEUE, removal, take, takeNow, textsOf } from "../entries.ts";
import { appendAll, Producer } from "../producer.ts";
import { promise, type PromiseGroup } from "../promise.ts";

/** After `publish` resolves, a message is there until it is settled. */
export const durableUntilSettled: PromiseGroup = {
  title: "durable until settled",
  cases: [
    promise("a message is delivered with the bytes and the id it was published with", async (stage) => {
      const { broker } = await stage.broker();
      const batch = new Producer().batch("a", "b");
      const reader = (await stage.reader(broker)).grant();
      const receipt = await stage.finish(broker.publish(batch));
      expect(receipt).toMatchObject({ durability: "accepted", duplicate: false });
      await stage.until("both arrive", () => reader.texts.length === 2);
      const [delivery] = reader.deliveries;
      expect(delivery).toMatchObject({ number: 1, attempt: 1, redelivered: false, first: 0, count: 2 });
      expect(Buffer.from(delivery?.headerBytes ?? [])).toEqual(Buffer.from(batch.headerBytes));
      expect(Buffer.from(delivery?.records ?? [])).toEqual(Buffer.from(batch.records));
      const { firstId } = decodeBatchHeader(batch.headerBytes);
      expect(reader.messages.map(({ id }) => id)).toEqual([messageIdAt(firstId, 0), messageIdAt(firstId, 1)]);
    }),

    promise("any bytes arrive unchanged, up to the largest message and the largest batch", async (stage) => {
      const { broker } = await stage.broker();
      const reader = (await stage.reader(broker)).grant();
      const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      const largest = new Uint8Array(MAX_MESSAGE_BYTES).fill(0xff);
      const producer = new Producer();
      const batches = [
        producer.batch(everyByte, new Uint8Array(0), everyByte.toReversed()),
        producer.batch(largest),
        producer.batch(...Array.from({ length: MAX_BATCH_MESSAGES }, (_, index) => String(index))),
      ];
      await stage.finish(Promise.all(batches.map((batch) => broker.publish(batch))));
      await stage.until("all arrive", () => reader.messages.length === 4 + MAX_BATCH_MESSAGES);
      for (const [index, batch] of batches.entries()) {
        expect(Buffer.compare(reader.deliveries[index]!.records, batch.records), `batch ${index}`).toBe(0);
      }
    }),

    promise("batches of many addresses, stored by one append, each reach their own", async (stage) => {
      const store = await stage.connect();
      const names = Array.from({ length: 40 }, (_, n) => ({ address: `receiver:receiver-${n}`, subscription: "" }));
      await appendAll(
        store,
        names.map(({ address }) => new Producer(address).batch(`for ${address}`)),
      );
      for (const name of names) {
        await store.open(name, "earliest");
        expect((await take(stage, store, name, 1)).flatMap(textsOf)).toEqual([`for ${name.address}`]);
      }
    }),

    promise("a message published before anyone subscribed waits for its receiver", async (stage) => {
      const sending = await stage.broker();
      await stage.finish(sending.broker.publish(new Producer().batch("early")));
      await stage.finish(sending.broker.close());
      const receiving = await stage.broker();
      const reader = (await stage.reader(receiving.broker)).grant();
      await stage.until("it arrives", () => reader.texts.length > 0);
      expect(reader.messages).toMatchObject([{ text: "early", attempt: 1 }]);
    }),

    promise("a claim made after an append sees it, without waiting for the append's answer", async (stage) => {
      const store = await connectTo(stage, QUEUE);
      const appended = appendAll(store, [new Producer().batch("a")]);
      const claimed = store.claim(QUEUE, 10);
      await appended;
      expect((await claimed).flatMap(textsOf)).toEqual(["a"]);
    }),

    promise("an entry claimed and not settled comes back after its owner dies", async (stage) => {
      const owner = await connectTo(stage, QUEUE);
      const heir = await connectTo(stage, QUEUE);
      await appendAll(owner, [new Producer().batch("a")]);
      await take(stage, owner, QUEUE, 1);
      await stage.kill(owner);
      expect((await take(stage, heir, QUEUE, 1)).flatMap(textsOf)).toEqual(["a"]);
    }),

    promise("a settled entry never comes back, whoever dies", async (stage) => {
      const owner = await connectTo(stage, QUEUE);
      const heir = await connectTo(stage, QUEUE);
      await appendAll(owner, new Producer().batches(2));
      const [first, second] = await take(stage, owner, QUEUE, 2);
      expect(await owner.settle(QUEUE, [removal(first!)])).toEqual([]);
      await stage.kill(owner);
      const inherited = await take(stage, heir, QUEUE, 1);
      expect(inherited.flatMap(textsOf)).toEqual(textsOf(second!));
      await heir.settle(
        QUEUE,
        inherited.map((entry) => removal(entry)),
      );
      expect(await takeNow(await connectTo(stage, QUEUE), QUEUE)).toEqual([]);
    }),

    promise("what one broker has acked, no later broker delivers", async (stage) => {
      const producer = new Producer();
      const earlier = await stage.broker();
      const reader = (await stage.reader(earlier.broker)).grant();
      await stage.finish(earlier.broker.publish(producer.batch("a", "b")));
      await stage.until("both arrive", () => reader.texts.length === 2);
      expect(reader.ackAll()).toEqual([]);
      await stage.finish(earlier.broker.close());
      const later = await stage.broker();
      const next = (await stage.reader(later.broker)).grant();
      await stage.finish(later.broker.publish(producer.batch("c")));
      await stage.until("the next arrives", () => next.texts.includes("c"));
      await stage.calm();
      expect(next.texts).toEqual(["c"]);
    }),
  ],
};
