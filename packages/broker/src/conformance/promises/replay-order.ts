import { expect } from "vitest";
import { deafStore } from "../deaf-store.ts";
import { BILLING, connectTo, removal, take, takeNow, textsOf } from "../entries.ts";
import { stateOf } from "../inspectable.ts";
import { appendAll, Producer } from "../producer.ts";
import { promise, type PromiseGroup } from "../promise.ts";
import type { Received } from "../reader.ts";
import { replayable } from "../replayable.ts";

const needs = ["replay"] as const;

const LATE = { ...BILLING, subscription: "late" };

/** What is read again comes in the order of its ordering key, as it did the first time. */
export const replayOrder: PromiseGroup = {
  title: "replay of ordering keys",
  cases: [
    promise(
      "a subscription that is moved back gets the messages of an ordering key one after the other again",
      async (stage) => {
        const brokers = [await stage.broker(), await stage.broker()];
        const readers = await Promise.all(brokers.map(({ broker }) => stage.reader(broker, BILLING)));
        for (const reader of readers) {
          reader.onRevoked = (messages) => reader.forget(messages);
          reader.grant();
        }
        const open = (): Received[] => readers.flatMap((reader) => reader.open);
        const ack = (): string[] =>
          readers.flatMap((reader) => {
            const texts = reader.open.map(({ text }) => text);
            expect(reader.ackAll()).toEqual([]);
            return texts;
          });
        const texts = ["r1", "r2", "r3", "r4"];
        const producer = new Producer(BILLING.address);
        for (const text of texts) await stage.finish(brokers[0]!.broker.publish(producer.ordered("red", text)));
        await stage.until("the first is out", () => open().length === 1);
        expect(ack()).toEqual(["r1"]);
        await stage.until("the second is out", () => open().length === 1);
        const holder = readers.find((reader) => reader.open.length === 1);
        await stage.finish(brokers[1]!.broker.seek(BILLING, "earliest"));
        await stage.until("it is taken back", () => holder!.revoked.length > 0);
        // The other broker may not have heard of it yet: what it hands out until then does not count.
        await stage.calm();
        const handled: string[] = [];
        await stage.until("all are handled again", () => {
          expect(open().length).toBeLessThanOrEqual(1);
          handled.push(...ack());
          return handled.length >= texts.length;
        });
        await stage.calm();
        expect([...handled, ...ack()]).toEqual(texts);
        expect(await stateOf(brokers[0]!.store, BILLING)).toMatchObject({ depth: 0 });
      },
      { needs: [...needs, "inspection"] },
    ),

    promise(
      "what a broker hands out before it has heard of a move does not count, and comes again in the order of its key",
      async (stage) => {
        const hearing = deafStore();
        const here = await stage.broker({ wrap: hearing.wrap });
        const there = await stage.broker();
        const reader = await stage.reader(here.broker, BILLING);
        reader.onRevoked = (messages) => reader.forget(messages);
        reader.grant();
        const producer = new Producer(BILLING.address);
        const publish = (text: string) => stage.finish(here.broker.publish(producer.ordered("red", text)));
        await publish("r1");
        await stage.until("the first is out", () => reader.open.length === 1);
        await hearing.deafen();
        await stage.finish(there.broker.seek(BILLING, "earliest"));
        await publish("r2");
        await publish("r3");
        const handled: string[] = [];
        const ack = (): void => {
          handled.push(...reader.open.map(({ text }) => text));
          reader.ackAll();
        };
        await stage.until("the last is out", () => {
          ack();
          return handled.includes("r3");
        });
        hearing.listen();
        await stage.until("the first was handled again, and all after it", () => {
          ack();
          return handled.indexOf("r1", 1) > 0 && handled.at(-1) === "r3";
        });
        await stage.calm();
        ack();
        expect(handled.slice(-3)).toEqual(["r1", "r2", "r3"]);
        await stage.until("all are acked once", async () => {
          const state = await stateOf(here.store, BILLING);
          return state?.depth === 0 && state.acked === 3;
        });
      },
      { needs: [...needs, "inspection"] },
    ),

    promise(
      "an entry waits for nothing that its subscription was moved past, and for what it was moved back to",
      async (stage) => {
        const store = replayable(await connectTo(stage, BILLING));
        const producer = new Producer(BILLING.address);
        await appendAll(store, [producer.ordered("red", "r1")]);
        await store.claim(BILLING, 1);
        await stage.advance(20);
        const timeMs = Math.round(stage.clock.now());
        await stage.advance(20);
        await appendAll(store, [producer.ordered("red", "r2")]);
        await store.seek(BILLING, { timeMs });
        const [next] = await take(stage, store, BILLING, 1);
        const after = next!.turn!.after || "none";
        expect(await store.turns(BILLING, [{ ref: next!.ref, after }]), "moved past").toEqual(["next"]);
        await store.settle(BILLING, [removal(next!)]);
        await store.seek(BILLING, "earliest");
        const [r1, r2] = await take(stage, store, BILLING, 2);
        expect(r2!.turn?.after).toBe(r1!.ref);
        expect(await store.turns(BILLING, [{ ref: r2!.ref, after: r1!.ref }]), "moved back").toEqual(["waits"]);
      },
      { needs },
    ),

    promise(
      "an entry that went over to another instance does not come with a move",
      async (stage) => {
        const [first, second] = [await connectTo(stage, BILLING), await connectTo(stage, BILLING)];
        const producer = new Producer(BILLING.address);
        await appendAll(first, [producer.ordered("red", "r1"), producer.ordered("red", "r2")]);
        const [r1] = await first.claim(BILLING, 1);
        const [r2] = await take(stage, second, BILLING, 1);
        expect(await second.turns(BILLING, [{ ref: r2!.ref, after: r1!.ref }])).toEqual(["moved"]);
        await replayable(second).seek(BILLING, "earliest");
        expect((await take(stage, first, BILLING, 2)).flatMap(textsOf)).toEqual(["r1", "r2"]);
        await replayable(second).seek(BILLING, "latest");
        expect([...(await takeNow(first, BILLING)), ...(await takeNow(second, BILLING))]).toEqual([]);
      },
      { needs },
    ),

    promise(
      "what was settled long ago stands in the order of its ordering key for whoever reads it later",
      async (stage) => {
        const store = await connectTo(stage, BILLING);
        const producer = new Producer(BILLING.address);
        await appendAll(store, [producer.ordered("red", "r1")]);
        await store.settle(
          BILLING,
          (await take(stage, store, BILLING, 1)).map((entry) => removal(entry)),
        );
        // So many that whoever remembers keys for a time only has looked through them.
        const others = Array.from({ length: 200 }, (_, number) => producer.ordered(`key ${number}`, "x"));
        await appendAll(store, others);
        await store.settle(
          BILLING,
          (await take(stage, store, BILLING, 200)).map((entry) => removal(entry)),
        );
        await appendAll(store, [producer.ordered("red", "r2")]);
        await store.open(LATE, "earliest");
        const entries = await take(stage, store, LATE, 202);
        expect(entries[201]!.turn?.after).toBe(entries[0]!.ref);
      },
      { needs },
    ),
  ],
};
