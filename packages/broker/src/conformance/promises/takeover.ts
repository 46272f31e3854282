import { expect } from "vitest";
import { connectTo, progress, QUEUE, take, takeNow, textsOf } from "../entries.ts";
import { appendAll, Producer } from "../producer.ts";
import { promise, type PromiseGroup } from "../promise.ts";

/** What an instance owned when it went is taken over by the others; what a living one owns never is. */
export const takeover: PromiseGroup = {
  title: "takeover",
  cases: [
    promise("a dead instance's entries are taken over oldest first, before what nobody had claimed", async (stage) => {
      const owner = await connectTo(stage, QUEUE);
      const heir = await connectTo(stage, QUEUE);
      await appendAll(owner, new Producer().batches(12));
      await take(stage, owner, QUEUE, 8);
      await stage.kill(owner);
      const inherited = await take(stage, heir, QUEUE, 12);
      expect(inherited.flatMap(textsOf)).toEqual(Array.from({ length: 12 }, (_, index) => String(index + 1)));
    }),

    promise("what is taken over says that it may have been handed out, and counts no failure", async (stage) => {
      const owner = await connectTo(stage, QUEUE);
      const heir = await connectTo(stage, QUEUE);
      await appendAll(owner, new Producer().batches(2));
      expect((await owner.claim(QUEUE, 1)).map(({ redelivered }) => redelivered)).toEqual([false]);
      await stage.kill(owner);
      const inherited = await take(stage, heir, QUEUE, 2);
      expect(inherited.map(({ attempt, redelivered }) => ({ attempt, redelivered }))).toEqual([
        { attempt: 1, redelivered: true },
        { attempt: 1, redelivered: false },
      ]);
    }),

    promise("a living instance keeps what it owns, however long it takes", async (stage) => {
      const owner = await connectTo(stage, QUEUE);
      const other = await connectTo(stage, QUEUE);
      const casualty = await connectTo(stage, QUEUE);
      await appendAll(owner, new Producer().batches(2));
      await owner.claim(QUEUE, 1);
      await casualty.claim(QUEUE, 1);
      // So long that even its death has been noticed of an instance that died only now.
      await stage.kill(casualty);
      await stage.calm();
      expect((await take(stage, other, QUEUE, 1)).flatMap(textsOf)).toEqual(["2"]);
      expect(await takeNow(other, QUEUE)).toEqual([]);
    }),

    promise("an instance that closes gives back at once what it owned", async (stage) => {
      const owner = await connectTo(stage, QUEUE);
      const heir = await connectTo(stage, QUEUE);
      await appendAll(owner, new Producer().batches(3));
      await take(stage, owner, QUEUE, 3);
      await owner.close();
      expect((await takeNow(heir, QUEUE)).flatMap(textsOf)).toEqual(["1", "2", "3"]);
    }),

    promise("each entry is taken over by one heir only", async (stage) => {
      const owner = await connectTo(stage, QUEUE);
      const heirs = [await connectTo(stage, QUEUE), await connectTo(stage, QUEUE), await connectTo(stage, QUEUE)];
      await appendAll(owner, new Producer().batches(30));
      await take(stage, owner, QUEUE, 30);
      await stage.kill(owner);
      const inherited: string[] = [];
      await stage.until("all are taken over", async () => {
        const sweeps = await Promise.all(heirs.map((heir) => heir.sweep(QUEUE, 7)));
        inherited.push(...sweeps.flatMap(({ entries }) => entries.flatMap(textsOf)));
        return inherited.length >= 30;
      });
      expect(inherited.toSorted((a, b) => Number(a) - Number(b))).toEqual(
        Array.from({ length: 30 }, (_, n) => String(n + 1)),
      );
    }),

    promise("no more entries are taken over at once than asked for", async (stage) => {
      const owner = await connectTo(stage, QUEUE);
      const heir = await connectTo(stage, QUEUE);
      await appendAll(owner, new Producer().batches(10));
      await take(stage, owner, QUEUE, 10);
      await owner.close();
      const pieces: string[][] = [];
      for (let round = 0; round < 4; round++) pieces.push((await heir.sweep(QUEUE, 4)).entries.flatMap(textsOf));
      expect(pieces).toEqual([["1", "2", "3", "4"], ["5", "6", "7", "8"], ["9", "10"], []]);
    }),

    promise("a look-round that asks for nothing takes nothing, and still tells the epoch", async (stage) => {
      const owner = await connectTo(stage, QUEUE);
      const heir = await stage.connect();
      const { epoch } = await heir.open(QUEUE, "earliest");
      await appendAll(owner, [new Producer().batch("a")]);
      await take(stage, owner, QUEUE, 1);
      await owner.close();
      expect(await heir.sweep(QUEUE, 0)).toMatchObject({ entries: [], epoch });
      expect((await take(stage, heir, QUEUE, 1)).flatMap(textsOf)).toEqual(["a"]);
    }),

    promise("what the dead owner had noted as settled is not the heir's", async (stage) => {
      const owner = await connectTo(stage, QUEUE);
      const heir = await connectTo(stage, QUEUE);
      await appendAll(owner, [new Producer().batch("a", "b", "c", "d")]);
      const [entry] = await take(stage, owner, QUEUE, 1);
      const settled = [
        { from: 0, to: 1 },
        { from: 2, to: 3 },
      ];
      await owner.settle(QUEUE, [progress(entry!, "keep", settled, { ackedMessages: 2 })]);
      await stage.kill(owner);
      const [inherited] = await take(stage, heir, QUEUE, 1);
      expect(inherited?.settled).toEqual(settled);
      expect(textsOf(inherited!)).toEqual(["b", "d"]);
    }),

    promise(
      "another broker goes on with a dead one's messages, and its consumer sees that they may come twice",
      async (stage) => {
        const dying = await stage.broker();
        const reader = (await stage.reader(dying.broker)).grant({ messages: 2 });
        const producer = new Producer();
        await stage.finish(dying.broker.publish(producer.batch("a", "b")));
        await stage.until("two are out", () => reader.texts.length === 2);
        await stage.finish(dying.broker.publish(producer.batch("c")));
        await stage.kill(dying.store);
        const heir = await stage.broker();
        const next = (await stage.reader(heir.broker, { consumer: "consumer-02" })).grant();
        await stage.until("the heir has all", () => next.texts.length === 3);
        expect(next.messages.map(({ text, attempt, redelivered }) => ({ text, attempt, redelivered }))).toEqual([
          { text: "a", attempt: 1, redelivered: true },
          { text: "b", attempt: 1, redelivered: true },
          { text: "c", attempt: 1, redelivered: false },
        ]);
      },
    ),
  ],
};
