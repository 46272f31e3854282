import { expect } from "vitest";
import { Producer } from "../producer.ts";
import { promise, type PromiseGroup } from "../promise.ts";
import type { Reader } from "../reader.ts";
import type { Stage } from "../stage.ts";

/** A reader without credit, and eight messages of about a kilobyte in two batches. */
async function setUp(stage: Stage): Promise<Reader> {
  const { broker } = await stage.broker();
  const reader = await stage.reader(broker);
  const producer = new Producer();
  for (const part of ["a b c d", "e f g h"]) {
    const texts = part.split(" ").map((letter) => letter.repeat(1_000));
    await stage.finish(broker.publish(producer.batch(...texts)));
  }
  return reader;
}

function letters(reader: Reader): string {
  return reader.texts.map((text) => text[0]).join("");
}

/** Credit is a hard limit: a consumer is never handed more than it granted. */
export const credit: PromiseGroup = {
  title: "credit",
  cases: [
    promise("without credit nothing is handed out", async (stage) => {
      const reader = await setUp(stage);
      await stage.calm();
      expect(reader.messages).toEqual([]);
    }),

    promise("no more messages are handed out than were granted", async (stage) => {
      const reader = (await setUp(stage)).grant({ messages: 3 });
      await stage.until("three arrive", () => letters(reader) === "abc");
      await stage.calm();
      expect(letters(reader)).toBe("abc");
    }),

    promise("no more bytes are handed out than were granted", async (stage) => {
      const reader = (await setUp(stage)).grant({ bytes: 5_500 });
      await stage.until("five arrive", () => letters(reader) === "abcde");
      await stage.calm();
      expect(letters(reader)).toBe("abcde");
      const bytes = reader.deliveries.reduce((sum, { records }) => sum + records.length, 0);
      expect(bytes).toBeLessThanOrEqual(5_500);
    }),

    promise("grants add up", async (stage) => {
      const reader = (await setUp(stage)).grant({ messages: 1 }).grant({ messages: 1 });
      await stage.until("two arrive", () => letters(reader) === "ab");
      reader.grant({ messages: 2 });
      await stage.until("two more arrive", () => letters(reader) === "abcd");
      await stage.calm();
      expect(letters(reader)).toBe("abcd");
    }),

    promise("settling gives no credit back", async (stage) => {
      const reader = (await setUp(stage)).grant({ messages: 2 });
      await stage.until("two arrive", () => letters(reader) === "ab");
      reader.ackAll();
      await stage.calm();
      expect(letters(reader)).toBe("ab");
    }),

    promise(
      "a single message larger than the bytes granted passes when its consumer holds nothing else",
      async (stage) => {
        const reader = (await setUp(stage)).grant({ messages: 8, bytes: 10 });
        await stage.until("one arrives", () => letters(reader) === "a");
        await stage.calm();
        expect(letters(reader)).toBe("a");
        reader.ackAll();
        await stage.calm();
        expect(letters(reader), "the oversized message left the credit below zero").toBe("a");
        reader.grant({ messages: 0, bytes: 3_500 });
        await stage.until("the next fit", () => letters(reader) === "abc");
        await stage.calm();
        expect(letters(reader), "and no more than fit").toBe("abc");
      },
    ),

    promise("each consumer has credit of its own", async (stage) => {
      const { broker } = await stage.broker();
      const [one, two] = [await stage.reader(broker), await stage.reader(broker, { consumer: "consumer-02" })];
      one.grant({ messages: 1 });
      two.grant({ messages: 2 });
      await stage.finish(broker.publish(new Producer().batch("a", "b", "c", "d", "e")));
      await stage.until("three arrive", () => one.texts.length + two.texts.length === 3);
      await stage.calm();
      expect([one.texts.length, two.texts.length]).toEqual([1, 2]);
    }),
  ],
};
