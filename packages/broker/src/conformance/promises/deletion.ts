import { expect } from "vitest";
import { administrationOf, letDie } from "../administration.ts";
import { AUDIT, BILLING, connectTo, QUEUE, removal, take, takeNow, textsOf } from "../entries.ts";
import { appendAll, Producer } from "../producer.ts";
import { promise, type PromiseGroup } from "../promise.ts";

const needs = ["inspection"] as const;

const REFUSED = { code: "FAILED_PRECONDITION" };
const GENTLY = { force: false };
const BY_FORCE = { force: true };

/** Operators delete addresses and subscriptions, and cannot do so unawares. */
export const deletion: PromiseGroup = {
  title: "deletion",
  cases: [
    promise(
      "a deleted subscription is gone, its topic and the others are not, and made anew it begins as a new one",
      async (stage) => {
        const store = await connectTo(stage, BILLING);
        await store.open(AUDIT, "earliest");
        const producer = new Producer(BILLING.address);
        await appendAll(store, [producer.batch("a")]);
        const [entry] = await take(stage, store, BILLING, 1);
        await store.settle(BILLING, [removal(entry!)]);
        await administrationOf(store).deleteSubscription(BILLING, GENTLY);
        const state = await administrationOf(store).describe(BILLING.address);
        expect(state?.subscriptions.map(({ subscription }) => subscription)).toEqual(["audit"]);
        const { epoch } = await store.open(BILLING, "latest");
        expect(epoch).toBe(state?.epoch);
        await appendAll(store, [producer.batch("b")]);
        expect((await take(stage, store, BILLING, 1)).flatMap(textsOf)).toEqual(["b"]);
        expect((await take(stage, store, AUDIT, 2)).flatMap(textsOf)).toEqual(["a", "b"]);
      },
      { needs },
    ),

    promise(
      "what has messages or dead letters is deleted only by force",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        const admin = administrationOf(store);
        await letDie(stage, store, ["a"]);
        await expect(admin.deleteAddress(QUEUE.address, GENTLY), "dead letters").rejects.toMatchObject(REFUSED);
        await store.open(BILLING, "earliest");
        await appendAll(store, [new Producer(BILLING.address).batch("a")]);
        await expect(admin.deleteSubscription(BILLING, GENTLY), "unread").rejects.toMatchObject(REFUSED);
        await take(stage, store, BILLING, 1);
        await expect(admin.deleteSubscription(BILLING, GENTLY), "held").rejects.toMatchObject(REFUSED);
        await expect(admin.deleteAddress(BILLING.address, GENTLY), "history").rejects.toMatchObject(REFUSED);
        await admin.deleteSubscription(BILLING, BY_FORCE);
        for (const address of [QUEUE.address, BILLING.address]) await admin.deleteAddress(address, BY_FORCE);
        expect(await administrationOf(store).listAddresses("", { after: undefined, limit: 10 })).toEqual({
          items: [],
          next: undefined,
        });
        expect(await takeNow(store, QUEUE)).toEqual([]);
      },
      { needs },
    ),

    promise(
      "an address with delayed messages is deleted only by force, and they with it",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        const nowMs = stage.clock.now();
        const batch = new Producer().batchWith({ deliverAtMs: nowMs + 300 }, { body: "delayed", timeMs: nowMs });
        await appendAll(store, [batch]);
        await expect(administrationOf(store).deleteAddress(QUEUE.address, GENTLY)).rejects.toMatchObject(REFUSED);
        await administrationOf(store).deleteAddress(QUEUE.address, BY_FORCE);
        await store.open(QUEUE, "earliest");
        expect(await administrationOf(store).describe(QUEUE.address)).toMatchObject({ delayed: 0 });
        await stage.advance(400);
        expect(await takeNow(store, QUEUE)).toEqual([]);
      },
      { needs: ["inspection", "scheduling"] },
    ),

    promise(
      "what has consumers is deleted only by force, and without once they have left",
      async (stage) => {
        const { broker, store } = await stage.broker();
        const admin = administrationOf(store);
        const readers = [await stage.reader(broker), await stage.reader(broker, { ...BILLING, startFrom: "latest" })];
        await stage.until("all are seen", async () => {
          const states = await Promise.all([QUEUE, BILLING].map(({ address }) => admin.describe(address)));
          return states.every((state) => state?.subscriptions[0]?.watchers === 1);
        });
        await expect(admin.deleteAddress(QUEUE.address, GENTLY)).rejects.toMatchObject(REFUSED);
        await expect(admin.deleteAddress(BILLING.address, GENTLY)).rejects.toMatchObject(REFUSED);
        await expect(admin.deleteSubscription(BILLING, GENTLY)).rejects.toMatchObject(REFUSED);
        for (const { subscription } of readers) await stage.finish(subscription.close());
        await stage.until("nobody is seen", async () => {
          const states = await Promise.all([QUEUE, BILLING].map(({ address }) => admin.describe(address)));
          return states.every((state) => state?.subscriptions[0]?.watchers === 0);
        });
        await admin.deleteSubscription(BILLING, GENTLY);
        for (const { address } of [QUEUE, BILLING]) await admin.deleteAddress(address, GENTLY);
      },
      { needs },
    ),

    promise(
      "a subscription that nobody reads is deleted though its topic has others that are read",
      async (stage) => {
        const { broker, store } = await stage.broker();
        await stage.reader(broker, { ...BILLING, startFrom: "latest" });
        await store.open(AUDIT, "latest");
        await stage.until("billing is read", async () => {
          const state = await administrationOf(store).describe(BILLING.address);
          return state?.subscriptions.some(({ watchers }) => watchers > 0);
        });
        await administrationOf(store).deleteSubscription(AUDIT, GENTLY);
        const state = await administrationOf(store).describe(BILLING.address);
        expect(state?.subscriptions.map(({ subscription }) => subscription)).toEqual(["billing"]);
      },
      { needs },
    ),

    promise(
      "a consumer whose subscription was deleted by force loses what it holds, and goes on with what is published then",
      async (stage) => {
        const { broker, store } = await stage.broker();
        const reader = (await stage.reader(broker, { ...BILLING, startFrom: "latest" })).grant();
        const producer = new Producer(BILLING.address);
        await stage.finish(broker.publish(producer.batch("before")));
        await stage.until("it arrives", () => reader.texts.length === 1);
        await administrationOf(store).deleteSubscription(BILLING, BY_FORCE);
        reader.settle("ack", ["before"]);
        await stage.until("the subscription is there again", async () => {
          const state = await administrationOf(store).describe(BILLING.address);
          return state?.subscriptions.length === 1;
        });
        await stage.finish(broker.publish(producer.batch("after")));
        await stage.until("the next arrives", () => reader.texts.includes("after"));
        expect(reader.texts).toEqual(["before", "after"]);
      },
      { needs },
    ),

    promise(
      "what was held of a subscription that was deleted settles nothing of the one that is made anew",
      async (stage) => {
        const store = await connectTo(stage, BILLING);
        const holder = await connectTo(stage, BILLING);
        await appendAll(store, [new Producer(BILLING.address).batch("a", "b")]);
        const depth = async () => (await administrationOf(store).describe(BILLING.address))?.subscriptions[0]?.depth;
        let [held] = await take(stage, holder, BILLING, 1);
        for (const startFrom of [{ timeMs: 1 }, "earliest", "earliest"] as const) {
          await administrationOf(store).deleteSubscription(BILLING, BY_FORCE);
          await store.open(BILLING, startFrom);
          const [anew] = await take(stage, holder, BILLING, 1);
          expect(textsOf(anew!)).toEqual(["a", "b"]);
          expect(await holder.settle(BILLING, [removal(held!)])).toEqual([held!.ref]);
          expect(await depth()).toBe(2);
          held = anew;
        }
        expect(await holder.settle(BILLING, [removal(held!)])).toEqual([]);
        expect(await depth()).toBe(0);
      },
      { needs },
    ),

    promise(
      "an address that was deleted by force begins a new epoch, which its consumers are told, and goes on",
      async (stage) => {
        const { broker, store } = await stage.broker();
        const reader = (await stage.reader(broker)).grant();
        const before = await stage.finish(broker.publish(new Producer().batch("before")));
        await stage.until("it arrives", () => reader.texts.length === 1);
        await administrationOf(store).deleteAddress(QUEUE.address, BY_FORCE);
        const after = await stage.finish(broker.publish(new Producer().batch("after")));
        expect(after.epoch).not.toBe(before.epoch);
        await stage.until("the next arrives", () => reader.texts.includes("after"));
        await stage.until("the epoch is told", () => reader.epochs.includes(after.epoch));
        expect(reader.epochs).toEqual([after.epoch]);
      },
      { needs },
    ),

    promise(
      "to a sender a deletion is a loss: its next batch is a gap from 1, and goes on from there",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        const producer = new Producer();
        const [one, two] = producer.batches(2);
        await appendAll(store, [one!]);
        await administrationOf(store).deleteAddress(QUEUE.address, BY_FORCE);
        const [result] = await store.append([two!], "accepted");
        expect(result).toMatchObject({ ok: false, error: { code: "FAILED_PRECONDITION", expectedSequence: 1 } });
        await appendAll(store, [one!, two!, producer.batch("3")]);
        expect((await take(stage, store, QUEUE, 3)).flatMap(textsOf)).toEqual(["1", "2", "3"]);
      },
      { needs },
    ),

    promise(
      "a deletion of what is not there, or of a receiver's only subscription, is refused",
      async (stage) => {
        const store = await connectTo(stage, QUEUE);
        const admin = administrationOf(store);
        await expect(admin.deleteAddress("receiver:nobody", BY_FORCE)).rejects.toMatchObject({ code: "NOT_FOUND" });
        await expect(admin.deleteSubscription(BILLING, BY_FORCE)).rejects.toMatchObject({ code: "NOT_FOUND" });
        await expect(admin.deleteSubscription(QUEUE, BY_FORCE)).rejects.toMatchObject(REFUSED);
      },
      { needs },
    ),
  ],
};
