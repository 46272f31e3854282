import { expect } from "vitest";
import { QUEUE } from "../entries.ts";
import { Producer } from "../producer.ts";
import { promise, type PromiseGroup } from "../promise.ts";
import type { Stage, StagedBroker } from "../stage.ts";

const needs = ["capacity"] as const;
const BODY = "x".repeat(10_000);

/** Publishes until the store refuses; returns the number of the batch refused. */
async function fill(stage: Stage, { broker }: StagedBroker, producer: Producer): Promise<number> {
  for (let number = 1; number <= 100; number++) {
    const outcome = await stage.finish(broker.publish(producer.batch(BODY + number))).catch((error: unknown) => error);
    if (outcome instanceof Error) {
      expect(outcome).toMatchObject({ code: "RESOURCE_EXHAUSTED", retryable: true });
      return number;
    }
  }
  throw new Error("the store took far more than it was told to hold");
}

/** A full store says so, instead of forgetting or dying. */
export const capacity: PromiseGroup = {
  title: "capacity",
  cases: [
    promise(
      "a full store refuses to take more, keeps what it has, and takes again once there is room",
      async (stage) => {
        const staged = await stage.broker();
        const producer = new Producer();
        const refused = await fill(stage, staged, producer);
        expect(refused).toBeGreaterThan(2);
        const reader = (await stage.reader(staged.broker)).grant();
        await stage.until("all it took arrive", () => reader.texts.length === refused - 1);
        reader.ackAll();
        await stage.until("there is room again", async () => {
          const resent = new Producer(QUEUE.address, "sender-02").batch(`${BODY}again`);
          return stage.finish(staged.broker.publish(resent)).then(
            () => true,
            () => false,
          );
        });
        await stage.until("it arrives", () => reader.texts.includes(`${BODY}again`));
        expect(reader.texts.slice(0, refused - 1)).toEqual(
          Array.from({ length: refused - 1 }, (_, n) => BODY + (n + 1)),
        );
      },
      { needs },
    ),

    promise(
      "a batch refused for want of room leaves no gap for the next to slip over",
      async (stage) => {
        const staged = await stage.broker();
        const producer = new Producer();
        const refused = await fill(stage, staged, producer);
        await expect(stage.finish(staged.broker.publish(producer.batch("small")))).rejects.toMatchObject({
          code: "FAILED_PRECONDITION",
          expectedSequence: refused,
        });
      },
      { needs },
    ),

    promise(
      "what was taken can be settled, retried and given up while the store is full",
      async (stage) => {
        const staged = await stage.broker();
        await fill(stage, staged, new Producer());
        const reader = (await stage.reader(staged.broker)).grant({ messages: 2 });
        await stage.until("two arrive", () => reader.texts.length === 2);
        const [first, second] = reader.texts;
        reader.settle("fail", [first!], { delayMs: 0 });
        reader.settle("reject", [second!], { reason: "bad" });
        reader.grant();
        await stage.until("the failed one comes again", () => reader.messages.some(({ attempt }) => attempt === 2));
      },
      { needs },
    ),
  ],
};
