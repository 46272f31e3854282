import { expect } from "vitest";
import { Producer } from "../producer.ts";
import { promise, type PromiseGroup } from "../promise.ts";

/** A store learns of outcomes when their batch is complete, or within about a second. */
const PROGRESS_MS = 1_500;

/** What is acked of a batch whose rest is still being handled is not done again, if its broker dies a second later. */
export const progressGroup: PromiseGroup = {
  title: "progress",
  cases: [
    promise("of a batch half acked a second before its broker died, only the other half comes again", async (stage) => {
      const dying = await stage.broker();
      const reader = (await stage.reader(dying.broker)).grant();
      await stage.finish(dying.broker.publish(new Producer().batch("a", "b", "c", "d")));
      await stage.until("all arrive", () => reader.texts.length === 4);
      reader.settle("ack", ["a", "c"]);
      await stage.advance(PROGRESS_MS);
      await stage.kill(dying.store);
      const heir = await stage.broker();
      const next = (await stage.reader(heir.broker)).grant();
      await stage.until("the rest arrives", () => next.texts.length >= 2);
      await stage.calm();
      expect(next.messages.map(({ text, redelivered }) => ({ text, redelivered }))).toEqual([
        { text: "b", redelivered: true },
        { text: "d", redelivered: true },
      ]);
    }),

    promise(
      "a message that failed a second before its broker died comes again once, with its attempt counted",
      async (stage) => {
        const dying = await stage.broker();
        const reader = (await stage.reader(dying.broker)).grant();
        await stage.finish(dying.broker.publish(new Producer().batch("a", "b")));
        await stage.until("both arrive", () => reader.texts.length === 2);
        reader.settle("fail", ["a"], { delayMs: 2_000 });
        await stage.advance(PROGRESS_MS);
        await stage.kill(dying.store);
        const heir = await stage.broker();
        const next = (await stage.reader(heir.broker)).grant();
        await stage.until("both come again", () => next.texts.length >= 2);
        await stage.calm();
        expect(next.messages.map(({ text, attempt }) => `${text}${attempt}`).toSorted()).toEqual(["a2", "b1"]);
      },
    ),
  ],
};
