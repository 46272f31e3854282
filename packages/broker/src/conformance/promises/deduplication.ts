import { type Batch, messageIdAt } from "@chappe/message";
import { expect } from "vitest";
import { connectTo, QUEUE, removal, take, takeNow, textsOf } from "../entries.ts";
import { STAGE_DEDUPLICATION_WINDOW_MS } from "../harness.ts";
import { appendAll, Producer } from "../producer.ts";
import { promise, type PromiseGroup } from "../promise.ts";

/** A batch of one message with a deduplication id. */
function once(producer: Producer, deduplicationId: string, body: string, id?: string): Batch {
  const message = { body, timeMs: 1_700_000_000_000, ...(id !== undefined && { id }) };
  return producer.batchWith({ deduplicationId }, message);
}

const idOf = ({ header }: Batch): string => messageIdAt(header.firstId, 0);

/** What is sent again under the same deduplication id is stored once, even by a sender that knows nothing of the first. */
export const deduplication: PromiseGroup = {
  title: "deduplication",
  cases: [
    promise("of a deduplication id one message is stored, and the receipts of the others name it", async (stage) => {
      const { broker } = await stage.broker();
      const reader = (await stage.reader(broker)).grant();
      const first = once(new Producer(), "order 7", "first");
      const receipt = await stage.finish(broker.publish(first));
      expect(receipt).toMatchObject({ duplicate: false });
      expect(receipt.originalId).toBeUndefined();
      const again = await stage.finish(broker.publish(once(new Producer(), "order 7", "again")));
      expect(again).toMatchObject({ duplicate: true, epoch: receipt.epoch, originalId: idOf(first) });
      await stage.finish(broker.publish(once(new Producer(), "order 8", "other")));
      await stage.until("the other arrives", () => reader.texts.length >= 2);
      expect(reader.texts).toEqual(["first", "other"]);
      expect(reader.messages[0]?.id).toBe(idOf(first));
    }),

    promise("the id that a message was given is the one that is named, whatever is in it", async (stage) => {
      const store = await connectTo(stage, QUEUE);
      await appendAll(store, [once(new Producer(), "d é {1}", "first", "my own id")]);
      const [again] = await store.append([once(new Producer(), "d é {1}", "again", "another")], "accepted");
      expect(again).toMatchObject({ ok: true, duplicate: true, originalId: "my own id" });
    }),

    promise("a duplicate takes its place in its producer's sequence, and a resend of it is one too", async (stage) => {
      const store = await connectTo(stage, QUEUE);
      const producer = new Producer();
      const first = once(producer, "d", "1");
      const duplicate = once(producer, "d", "2");
      const [...results] = await store.append([first, duplicate, producer.batch("3"), duplicate], "accepted");
      expect(results.map((result) => result.ok && [result.duplicate, result.originalId])).toEqual([
        [false, undefined],
        [true, idOf(first)],
        [false, undefined],
        [true, idOf(first)],
      ]);
      expect((await take(stage, store, QUEUE, 2)).flatMap(textsOf)).toEqual(["1", "3"]);
    }),

    promise("a large message is stored once as well", async (stage) => {
      const store = await connectTo(stage, QUEUE);
      const body = "x".repeat(100_000);
      const [first, again] = [once(new Producer(), "d", body), once(new Producer(), "d", body)];
      const results = await store.append([first, again], "accepted");
      expect(results.map((result) => result.ok && result.originalId)).toEqual([undefined, idOf(first)]);
      expect(await take(stage, store, QUEUE, 1)).toHaveLength(1);
      expect(await takeNow(store, QUEUE)).toEqual([]);
    }),

    promise("an id belongs to its sender and its address", async (stage) => {
      const store = await connectTo(stage, QUEUE);
      const others = [new Producer(), new Producer(QUEUE.address, "sender-02"), new Producer("topic:orders")];
      const results = await store.append(
        others.map((producer) => once(producer, "d", "a")),
        "accepted",
      );
      expect(results.map((result) => result.ok && result.duplicate)).toEqual([false, false, false]);
    }),

    promise(
      "an id stays taken when its message is settled, and when the instance that stored it dies",
      async (stage) => {
        const [here, there] = [await connectTo(stage, QUEUE), await connectTo(stage, QUEUE)];
        const first = once(new Producer(), "d", "a");
        await appendAll(here, [first]);
        const [entry] = await take(stage, here, QUEUE, 1);
        await here.settle(QUEUE, [removal(entry!)]);
        await stage.kill(here);
        const [again] = await there.append([once(new Producer(), "d", "a")], "accepted");
        expect(again).toMatchObject({ ok: true, duplicate: true, originalId: idOf(first) });
        expect(await takeNow(there, QUEUE)).toEqual([]);
      },
    ),

    promise("an id is free again when the window is over, counted from the message that was stored", async (stage) => {
      const store = await connectTo(stage, QUEUE);
      const storedMs = stage.clock.now();
      await appendAll(store, [once(new Producer(), "d", "first")]);
      const again = await stage.until("the id is free", async () => {
        const [result] = await store.append([once(new Producer(), "d", "later")], "accepted");
        return result?.ok === true && !result.duplicate ? result : undefined;
      });
      expect(again.originalId).toBeUndefined();
      expect(stage.clock.now() - storedMs).toBeGreaterThanOrEqual(STAGE_DEDUPLICATION_WINDOW_MS - 10);
      expect((await take(stage, store, QUEUE, 2)).flatMap(textsOf)).toEqual(["first", "later"]);
    }),

    promise(
      "an id is forgotten with its address's history: what was lost is stored again",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        await appendAll(store, [once(new Producer(), "d", "lost")]);
        await stage.wipe();
        const [again] = await store.append([once(new Producer(), "d", "sent again")], "accepted");
        expect(again).toMatchObject({ ok: true, duplicate: false });
        expect((await take(stage, store, QUEUE, 1)).flatMap(textsOf)).toEqual(["sent again"]);
      },
      { needs: ["wipe"] },
    ),
  ],
};
