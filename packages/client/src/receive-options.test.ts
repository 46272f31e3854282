import { ManualClock } from "@chappe/testing";
import { describe, expect, test } from "vitest";
import { handlerConsumer, loopConsumer, receiverTarget, topicTarget } from "./receive-options.ts";

const target = receiverTarget("receiver-01");
const clock = new ManualClock();

describe("how to read", () => {
  test("a loop takes its whole credit at once: it may gather before it settles", () => {
    expect(loopConsumer(target, {}, "me.1")).toEqual({
      open: {
        address: "receiver:receiver-01",
        subscription: "",
        startFrom: "earliest",
        consumer: "me.1",
        singleActive: false,
      },
      credit: { messages: 1_000, bytes: 16_777_216 },
      pace: undefined,
    });
  });

  test("handlers begin with two messages each, and pace themselves up to the credit", () => {
    const { credit, pace, concurrency } = handlerConsumer(target, { concurrency: 8 }, "me.1", clock);
    expect([credit.messages, pace?.target, concurrency]).toEqual([16, 16, 8]);
  });

  test("to be the only active consumer is asked for, or not", () => {
    expect(loopConsumer(target, { singleActive: true }, "me.1").open.singleActive).toBe(true);
    expect(() => loopConsumer(target, { singleActive: "yes" as unknown as boolean }, "me.1")).toThrow(
      'singleActive "yes" must be one of true, false',
    );
  });

  test("a credit as small as the concurrency is obeyed", () => {
    const options = { concurrency: 8, credit: { messages: 8 } };
    expect(handlerConsumer(target, options, "me.1", clock).credit.messages).toBe(8);
  });

  test("a topic needs a subscription, and begins at the latest message", () => {
    expect(topicTarget("orders", { subscription: "billing" })).toEqual({
      address: "topic:orders",
      subscription: "billing",
      startFrom: "latest",
    });
    expect(() => topicTarget("orders", {} as never)).toThrow("subscription must be a string");
  });

  test.each<[string, () => unknown, string]>([
    [
      "less credit than handlers",
      () => handlerConsumer(target, { concurrency: 8, credit: { messages: 4 } }, "me.1", clock),
      "concurrency 8 needs a credit of as many messages; credit.messages is 4",
    ],
    [
      "no time for handlers",
      () => handlerConsumer(target, { handlerTimeoutMs: 0 }, "me.1", clock),
      "handlerTimeoutMs 0 must be a whole number from 1 to 604800000",
    ],
    ["no credit", () => loopConsumer(target, { credit: { bytes: 0 } }, "me.1"), "credit.bytes 0 must be"],
    ["a bad consumer name", () => loopConsumer(target, { consumer: "a b" }, "me.1"), "consumer"],
    [
      "concurrency of a loop",
      () => loopConsumer(target, { concurrency: 2 } as never, "me.1"),
      `unknown option "concurrency"`,
    ],
    [
      "an unknown start",
      () => topicTarget("orders", { subscription: "s", startFrom: "now" as never }),
      `allowed are "latest", "earliest", { timeMs } and { messageId }`,
    ],
    ["a bad receiver", () => receiverTarget("a:b"), "position 1"],
  ])("%s: refused with what is wrong", (_, resolve, text) => {
    expect(resolve).toThrow(text);
  });
});
