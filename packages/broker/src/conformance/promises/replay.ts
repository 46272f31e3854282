import { decodeBatchHeader, messageIdAt, newId } from "@chappe/message";
import { expect } from "vitest";
import type { Store } from "../../store.ts";
import { BILLING, connectTo, deadLetterOf, progress, removal, retryOf, take, takeNow, textsOf } from "../entries.ts";
import { inspectable, stateOf } from "../inspectable.ts";
import { appendAll, Producer } from "../producer.ts";
import { promise, type PromiseGroup } from "../promise.ts";
import { replayable } from "../replayable.ts";
import type { Stage } from "../stage.ts";

const needs = ["replay"] as const;

const LATE = { ...BILLING, subscription: "late" };

/** Publishes "1" and "2", says when that was over, and publishes "3" and "4" later, all in batches of their own. */
async function publishAroundTime(stage: Stage, store: Store): Promise<number> {
  const producer = new Producer(BILLING.address);
  await appendAll(store, [producer.batch("1"), producer.batch("2")]);
  await stage.advance(20);
  const timeMs = Math.round(stage.clock.now());
  await stage.advance(20);
  await appendAll(store, [producer.batch("3"), producer.batch("4")]);
  return timeMs;
}

/** Everything that can be had, acked. */
async function ackAll(store: Store): Promise<string[]> {
  const entries = await takeNow(store, BILLING);
  await store.settle(
    BILLING,
    entries.map((entry) => removal(entry)),
  );
  return entries.flatMap(textsOf);
}

/** A topic's messages can be read again, by a new subscription or by one that is moved. */
export const replay: PromiseGroup = {
  title: "replay",
  cases: [
    promise(
      "a new subscription begins at the time it asks for",
      async (stage) => {
        const store = await connectTo(stage, BILLING);
        const timeMs = await publishAroundTime(stage, store);
        await store.open(LATE, { timeMs });
        expect(await stateOf(store, LATE)).toMatchObject({ depth: 2 });
        expect((await takeNow(store, LATE)).flatMap(textsOf)).toEqual(["3", "4"]);
        const ahead = { ...BILLING, subscription: "ahead" };
        await store.open(ahead, { timeMs: timeMs + 3_600_000 });
        await appendAll(store, [new Producer(BILLING.address, "sender-02").batch("5")]);
        expect((await takeNow(store, ahead)).flatMap(textsOf), "a time yet to come").toEqual(["5"]);
      },
      { needs: [...needs, "inspection"] },
    ),

    promise(
      "a new subscription begins with the batch of the message it asks for",
      async (stage) => {
        const store = await connectTo(stage, BILLING);
        const producer = new Producer(BILLING.address);
        const batches = [producer.batch("1"), producer.batch("2a", "2b"), producer.batch("3")];
        await appendAll(store, batches);
        const { firstId } = decodeBatchHeader(batches[1]!.headerBytes);
        await store.open(LATE, { messageId: messageIdAt(firstId, 1) });
        expect(await stateOf(store, LATE)).toMatchObject({ depth: 3 });
        expect((await takeNow(store, LATE)).flatMap(textsOf)).toEqual(["2a", "2b", "3"]);
      },
      { needs: [...needs, "inspection"] },
    ),

    promise(
      "a message that the topic does not keep is not found, and nothing is created or moved",
      async (stage) => {
        const store = replayable(await connectTo(stage, BILLING));
        await appendAll(store, [new Producer(BILLING.address).batch("1")]);
        const position = { messageId: newId() };
        await expect(store.open(LATE, position)).rejects.toMatchObject({ code: "NOT_FOUND" });
        await expect(store.seek(BILLING, position)).rejects.toMatchObject({ code: "NOT_FOUND" });
        await expect(store.seek(LATE, "earliest")).rejects.toMatchObject({ code: "NOT_FOUND" });
        expect(await stateOf(store, LATE)).toBeUndefined();
        expect(await ackAll(store)).toEqual(["1"]);
      },
      { needs: [...needs, "inspection"] },
    ),

    promise(
      "a subscription that is there goes on where it stands, wherever a consumer asks to begin",
      async (stage) => {
        const store = await connectTo(stage, BILLING);
        await appendAll(store, [new Producer(BILLING.address).batch("1")]);
        await ackAll(store);
        await store.open(BILLING, { timeMs: 1 });
        await store.open(BILLING, { messageId: newId() });
        expect(await takeNow(store, BILLING)).toEqual([]);
      },
      { needs },
    ),

    promise(
      "a subscription that is moved back gets its messages again, as new ones, and its depth says so",
      async (stage) => {
        const store = replayable(await connectTo(stage, BILLING));
        const timeMs = await publishAroundTime(stage, store);
        expect(await ackAll(store)).toEqual(["1", "2", "3", "4"]);
        await store.seek(BILLING, { timeMs });
        expect(await stateOf(store, BILLING)).toMatchObject({ depth: 2, acked: 4 });
        const entries = await takeNow(store, BILLING);
        expect(entries.flatMap(textsOf)).toEqual(["3", "4"]);
        expect(entries.every(({ attempt, redelivered }) => attempt === 1 && !redelivered)).toBe(true);
        await store.seek(BILLING, "earliest");
        expect(await stateOf(store, BILLING)).toMatchObject({ depth: 4 });
        expect(await ackAll(store)).toEqual(["1", "2", "3", "4"]);
        expect(await stateOf(store, BILLING)).toMatchObject({ depth: 0, acked: 8 });
      },
      { needs: [...needs, "inspection"] },
    ),

    promise(
      "a subscription that is moved on passes over what lies between, and over its retries, but keeps its dead letters",
      async (stage) => {
        const store = replayable(await connectTo(stage, BILLING));
        const producer = new Producer(BILLING.address);
        await appendAll(store, [producer.batch("retried", "buried"), producer.batch("unread")]);
        const [entry] = await store.claim(BILLING, 1);
        const deadLetters = [deadLetterOf(entry!, 1, "bad")];
        const retries = [retryOf(entry!, 0, 30)];
        await store.settle(BILLING, [removal(entry!, { ackedMessages: 0, retries, deadLetters })]);
        await store.seek(BILLING, "latest");
        expect(await stateOf(store, BILLING)).toMatchObject({ depth: 0, dead: 1 });
        await stage.advance(50);
        await appendAll(store, [producer.batch("next")]);
        expect((await takeNow(store, BILLING)).flatMap(textsOf)).toEqual(["next"]);
        expect(await inspectable(store).deadLetters(BILLING, 10)).toHaveLength(1);
      },
      { needs: [...needs, "inspection"] },
    ),

    promise(
      "what was claimed before a move cannot be settled after it, by any instance, and other subscriptions notice nothing",
      async (stage) => {
        const store = replayable(await connectTo(stage, BILLING));
        const other = await connectTo(stage, LATE);
        await appendAll(store, new Producer(BILLING.address).batches(2));
        const [mine] = await store.claim(BILLING, 1);
        const [foreign] = await other.claim(BILLING, 1);
        const [apart] = await other.claim(LATE, 1);
        await store.seek(BILLING, "earliest");
        expect(await store.settle(BILLING, [removal(mine!)])).toEqual([mine!.ref]);
        expect(await other.settle(BILLING, [removal(foreign!)])).toEqual([foreign!.ref]);
        expect(await other.settle(LATE, [removal(apart!)])).toEqual([]);
        expect(await stateOf(store, BILLING)).toMatchObject({ depth: 2, acked: 0 });
        expect(await ackAll(store)).toEqual(["1", "2"]);
      },
      { needs: [...needs, "inspection"] },
    ),

    promise(
      "what was settled of an entry before a move is not settled after it",
      async (stage) => {
        const store = replayable(await connectTo(stage, BILLING));
        await appendAll(store, [new Producer(BILLING.address).batch("a", "b")]);
        const [before] = await store.claim(BILLING, 1);
        await store.settle(BILLING, [progress(before!, "keep", [{ from: 0, to: 1 }], { ackedMessages: 1 })]);
        await store.seek(BILLING, "earliest");
        const [after] = await takeNow(store, BILLING);
        await store.settle(BILLING, [progress(after!, "return", [])]);
        expect((await takeNow(store, BILLING)).flatMap(textsOf)).toEqual(["a", "b"]);
      },
      { needs },
    ),

    promise(
      "what was claimed before a move settles nothing of its batch, though the holder has claimed that anew",
      async (stage) => {
        const store = replayable(await connectTo(stage, BILLING));
        const holder = await connectTo(stage, BILLING);
        await holder.sweep(BILLING, 0);
        await appendAll(store, [new Producer(BILLING.address).batch("a", "b")]);
        const [before] = await holder.claim(BILLING, 1);
        await store.seek(BILLING, "earliest");
        // No look-round has told it of the move.
        const [anew] = await holder.claim(BILLING, 1);
        expect(textsOf(anew!)).toEqual(["a", "b"]);
        const deadLetters = [deadLetterOf(before!, 0, "bad")];
        for (const late of [
          progress(before!, "keep", [{ from: 0, to: 1 }], { ackedMessages: 1 }),
          progress(before!, "return", [{ from: 0, to: 1 }], { deadLetters }),
          removal(before!, { ackedMessages: 1, deadLetters }),
          removal(before!),
        ]) {
          expect(await holder.settle(BILLING, [late])).toEqual([before!.ref]);
        }
        expect(await stateOf(store, BILLING)).toMatchObject({ depth: 2, acked: 0, dead: 0 });
        await holder.settle(BILLING, [progress(anew!, "return", [])]);
        const [again] = await take(stage, holder, BILLING, 1);
        expect(textsOf(again!)).toEqual(["a", "b"]);
        expect(await holder.settle(BILLING, [removal(again!)])).toEqual([]);
        expect(await stateOf(store, BILLING)).toMatchObject({ depth: 0, acked: 2 });
      },
      { needs: [...needs, "inspection"] },
    ),

    promise(
      "what was claimed anew before the move was heard of is nobody's when its holder leaves",
      async (stage) => {
        const store = replayable(await connectTo(stage, BILLING));
        const holder = await connectTo(stage, BILLING);
        await holder.sweep(BILLING, 0);
        await appendAll(store, [new Producer(BILLING.address).batch("1")]);
        await holder.settle(BILLING, [removal((await holder.claim(BILLING, 1))[0]!)]);
        await store.seek(BILLING, "earliest");
        expect((await holder.claim(BILLING, 1)).flatMap(textsOf)).toEqual(["1"]);
        await holder.leave(BILLING);
        expect((await take(stage, store, BILLING, 1)).flatMap(textsOf)).toEqual(["1"]);
      },
      { needs },
    ),

    promise(
      "a broker that moves a subscription takes from all consumers what they hold, and they go on from there",
      async (stage) => {
        const here = await stage.broker();
        const there = await stage.broker();
        const first = await stage.reader(here.broker, BILLING);
        const second = await stage.reader(there.broker, BILLING);
        first.grant({ messages: 1 });
        second.grant({ messages: 1 });
        await stage.finish(here.broker.publish(new Producer(BILLING.address).batch("1", "2")));
        await stage.until("one holds something", () => first.messages.length + second.messages.length > 0);
        const holder = first.messages.length > 0 ? first : second;
        await stage.finish(there.broker.seek(BILLING, "earliest"));
        await stage.until("it is told", () => holder.revoked.length > 0);
        expect(holder.settle("ack", ["1"])).toHaveLength(1);
        first.grant();
        second.grant();
        await stage.until("both come again", () => {
          first.ackAll();
          second.ackAll();
          return first.texts.length + second.texts.length >= 3;
        });
        await stage.until("nothing is left", async () => (await stateOf(here.store, BILLING))?.depth === 0);
        expect([...new Set([...first.texts, ...second.texts])].toSorted()).toEqual(["1", "2"]);
      },
      { needs: [...needs, "inspection"] },
    ),

    promise(
      "a receiver's queue cannot be moved, nor a subscription to a position that is none",
      async (stage) => {
        const { broker } = await stage.broker();
        await stage.reader(broker, BILLING);
        const queue = { address: "receiver:receiver-01", subscription: "" };
        await expect(broker.seek(queue, "earliest")).rejects.toMatchObject({ code: "FAILED_PRECONDITION" });
        await expect(broker.seek(BILLING, { timeMs: -1 })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
        await expect(stage.finish(broker.seek(LATE, "earliest"))).rejects.toMatchObject({ code: "NOT_FOUND" });
      },
      { needs },
    ),
  ],
};
