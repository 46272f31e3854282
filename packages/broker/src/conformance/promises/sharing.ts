import { expect } from "vitest";
import { connectTo, QUEUE, textsOf } from "../entries.ts";
import { appendAll, Producer } from "../producer.ts";
import { promise, type PromiseGroup } from "../promise.ts";

function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(index + 1));
}

function sorted(texts: readonly string[]): string[] {
  return texts.toSorted((a, b) => Number(a) - Number(b));
}

/** Consumers of one subscription share its messages: each goes to one of them. */
export const sharing: PromiseGroup = {
  title: "sharing",
  cases: [
    promise("each message goes to one consumer of its subscription, and every consumer gets some", async (stage) => {
      const { broker } = await stage.broker();
      const readers = await Promise.all(
        ["consumer-01", "consumer-02", "consumer-03"].map((consumer) => stage.reader(broker, { consumer })),
      );
      for (const reader of readers) reader.grant();
      await stage.finish(broker.publish(new Producer().batch(...numbers(90))));
      await stage.until("all are out", () => readers.flatMap(({ texts }) => texts).length >= 90);
      await stage.calm();
      expect(sorted(readers.flatMap(({ texts }) => texts))).toEqual(numbers(90));
      for (const reader of readers) expect(reader.texts.length).toBeGreaterThan(0);
    }),

    promise("brokers share a subscription: each message goes to one of them", async (stage) => {
      const brokers = [await stage.broker(), await stage.broker()];
      const readers = await Promise.all(brokers.map(({ broker }) => stage.reader(broker)));
      for (const reader of readers) reader.grant({ messages: 30 });
      const batches = new Producer().batches(60);
      await stage.finish(Promise.all(batches.map((batch) => brokers[0]!.broker.publish(batch))));
      await stage.until("all are out", () => readers.flatMap(({ texts }) => texts).length >= 60);
      await stage.calm();
      expect(sorted(readers.flatMap(({ texts }) => texts))).toEqual(numbers(60));
    }),

    promise("instances that claim at the same time get different entries", async (stage) => {
      const stores = [await connectTo(stage, QUEUE), await connectTo(stage, QUEUE), await connectTo(stage, QUEUE)];
      await appendAll(stores[0]!, new Producer().batches(50));
      const claimed: string[] = [];
      for (let round = 0; round < 5; round++) {
        const entries = await Promise.all(stores.map((store) => store.claim(QUEUE, 7)));
        claimed.push(...entries.flat().flatMap(textsOf));
      }
      expect(sorted(claimed)).toEqual(numbers(50));
    }),

    promise("a consumer without credit keeps nothing from the others", async (stage) => {
      const { broker } = await stage.broker();
      const idle = (await stage.reader(broker)).grant({ messages: 1 });
      const busy = (await stage.reader(broker, { consumer: "consumer-02" })).grant();
      const producer = new Producer();
      for (let batch = 0; batch < 3; batch++) await stage.finish(broker.publish(producer.batch(...numbers(20))));
      await stage.until("all are out", () => idle.texts.length + busy.texts.length >= 60);
      expect(idle.texts).toHaveLength(1);
    }),
  ],
};
