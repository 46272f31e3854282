import { describe, expect, it } from "vitest";
import { deliveryOf } from "./fixtures/deliveries.ts";
import { ACKED, HeldDelivery } from "./held-delivery.ts";
import { MessageBuffer } from "./message-buffer.ts";

const ignore = { touch: () => {}, hurry: () => {}, returned: () => {} };

function delivery(number: number, bodies: readonly string[], orderingKey?: string): HeldDelivery {
  return new HeldDelivery(deliveryOf(number, bodies, {}, orderingKey), ignore);
}

function takeAll(buffer: MessageBuffer, isAlone = false): string[] {
  const texts: string[] = [];
  for (let message = buffer.take(isAlone); message !== undefined; message = buffer.take(isAlone))
    texts.push(message.text());
  return texts;
}

describe("MessageBuffer", () => {
  it("gives many takers one message of an ordering key at a time, and the others meanwhile", () => {
    const buffer = new MessageBuffer();
    const [keyed, other] = [delivery(1, ["a1", "a2", "a3"], "a"), delivery(2, ["b1", "b2"], "b")];
    buffer.push(keyed);
    buffer.push(delivery(3, ["x", "y"]));
    buffer.push(other);
    expect(takeAll(buffer)).toEqual(["a1", "x", "y", "b1"]);
    keyed.settle(0, ACKED);
    expect(takeAll(buffer)).toEqual(["a2"]);
    other.settle(0, ACKED);
    keyed.settle(1, ACKED);
    expect(takeAll(buffer)).toEqual(["b2", "a3"]);
    keyed.settle(2, ACKED);
    expect(takeAll(buffer)).toEqual([]);
  });

  it("gives one taker all of them, who may gather them before the first has its outcome", () => {
    const buffer = new MessageBuffer();
    buffer.push(delivery(1, ["a1", "a2"], "a"));
    expect(takeAll(buffer, true)).toEqual(["a1", "a2"]);
  });

  it("gives nothing after a message that failed", () => {
    const buffer = new MessageBuffer();
    const keyed = delivery(1, ["a1", "a2"], "a");
    buffer.push(keyed);
    buffer.take(false);
    keyed.settle(0, { kind: "fail", delayMs: undefined, reason: "" });
    expect(takeAll(buffer)).toEqual([]);
  });

  it("holds back what several takers share, if one of them has not settled what it took alone", () => {
    const buffer = new MessageBuffer();
    const keyed = delivery(1, ["a1", "a2"], "a");
    buffer.push(keyed);
    buffer.take(true);
    expect(takeAll(buffer)).toEqual([]);
    keyed.settle(0, ACKED);
    expect(takeAll(buffer)).toEqual(["a2"]);
  });
});
