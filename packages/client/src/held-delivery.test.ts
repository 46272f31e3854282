import type { FrameOutcome } from "@chappe/message";
import { ChappeError } from "@chappe/message";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deliveryOf } from "./fixtures/deliveries.ts";
import { ACKED, HeldDelivery, type MessageOutcome } from "./held-delivery.ts";

function held(count: number, orderingKey?: string) {
  const returned = { messages: 0, bytes: 0 };
  let touches = 0;
  let hurries = 0;
  const bodies = Array.from({ length: count }, (_, index) => `body ${index}`);
  const delivery = new HeldDelivery(deliveryOf(7, bodies, {}, orderingKey), {
    touch: () => touches++,
    hurry: () => hurries++,
    returned: (messages, bytes) => {
      returned.messages += messages;
      returned.bytes += bytes;
    },
  });
  const take = () => {
    const outcomes: FrameOutcome[] = [];
    delivery.takeOutcomes(outcomes);
    return outcomes;
  };
  return { delivery, returned, take, touches: () => touches, hurries: () => hurries };
}

describe("outcomes of one delivery", () => {
  test("a delivery acked whole is told in one range", () => {
    const { delivery, take, touches } = held(100);
    for (let index = 0; index < 100; index++) delivery.settle(index, ACKED);
    expect(take()).toEqual([{ delivery: 7, first: 0, count: 100, kind: "ack" }]);
    expect(touches()).toBe(1);
    expect(delivery.open).toBe(0);
  });

  test("acks in any order make the fewest ranges", () => {
    const { delivery, take } = held(6);
    for (const index of [5, 0, 4, 1]) delivery.settle(index, ACKED);
    expect(take().map(({ first, count }) => [first, count])).toEqual([
      [0, 2],
      [4, 2],
    ]);
  });

  test("only what somebody waits for, or what sets something off, hurries", () => {
    const { delivery, hurries } = held(5);
    delivery.settle(0, ACKED);
    expect(hurries()).toBe(0);
    delivery.settle(1, { kind: "release" });
    delivery.settle(2, { kind: "fail", delayMs: 0, reason: "" });
    delivery.settle(3, { kind: "reject", reason: "" });
    expect(hurries()).toBe(3);
    delivery.settle(4, ACKED);
    void delivery.told;
    expect(hurries()).toBe(4);
  });

  test("failures keep their own reason and delay; long reasons are cut", () => {
    const { delivery, take } = held(4);
    delivery.settle(0, { kind: "fail", delayMs: 5, reason: "later" });
    delivery.settle(1, { kind: "reject", reason: "x".repeat(5_000) });
    delivery.settle(2, { kind: "release" });
    delivery.settle(3, { kind: "reject", reason: "ä".repeat(600) + "€" });
    const outcomes = take();
    expect(outcomes).toContainEqual({ delivery: 7, first: 0, count: 1, kind: "fail", delayMs: 5, reason: "later" });
    expect(outcomes).toContainEqual({ delivery: 7, first: 2, count: 1, kind: "release" });
    const reasons = outcomes.filter(({ kind }) => kind === "reject").map(({ reason }) => reason);
    expect(reasons).toEqual(["x".repeat(1_024), "ä".repeat(512)]);
  });

  test("each message's outcome is told once, whatever the order and the frames", () => {
    const kinds: MessageOutcome[] = [
      ACKED,
      { kind: "release" },
      { kind: "fail", delayMs: undefined, reason: "r" },
      { kind: "reject", reason: "r" },
    ];
    const step = fc.record({ index: fc.nat(19), kind: fc.nat(3), take: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { delivery, take, returned } = held(20);
        const expected = new Map<number, string>();
        const told = new Map<number, string>();
        const note = () => {
          for (const { first, count, kind } of take()) {
            for (let index = first; index < first + count; index++) {
              expect(told.has(index)).toBe(false);
              told.set(index, kind);
            }
          }
        };
        for (const { index, kind, take: takes } of steps) {
          const refused = delivery.settle(index, kinds[kind]!);
          expect(refused !== undefined).toBe(expected.has(index));
          if (refused === undefined) expected.set(index, kinds[kind]!.kind);
          if (takes) note();
        }
        note();
        expect(told).toEqual(expected);
        expect(delivery.open).toBe(20 - expected.size);
        expect(returned.messages).toBe(expected.size);
        expect(returned.bytes + delivery.openBytes).toBe(delivery.bytes);
      }),
    );
  });

  test("the first outcome counts, and the second is refused", () => {
    const { delivery, take } = held(1);
    expect(delivery.settle(0, ACKED)).toBeUndefined();
    expect(delivery.settle(0, { kind: "release" })).toMatchObject({ code: "FAILED_PRECONDITION" });
    expect(take()).toHaveLength(1);
  });

  test("a lost delivery takes no outcomes, and aborts the signals of its open messages", () => {
    const { delivery } = held(3);
    const signals = [delivery.signal(0), delivery.signal(1)];
    delivery.settle(1, ACKED);
    const lost = new ChappeError("FAILED_PRECONDITION", "lost");
    delivery.lose(lost);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    expect(delivery.signal(2).reason).toBe(lost);
    expect(delivery.settle(0, ACKED)).toBe(lost);
    expect(delivery.isOpen(0)).toBe(false);
  });
});

describe("outcomes of one delivery with an ordering key", () => {
  test("what comes after a message that failed is taken back, and not told", () => {
    const { delivery, take, returned } = held(5, "k");
    const signal = delivery.signal(3);
    delivery.settle(0, ACKED);
    delivery.settle(1, { kind: "fail", delayMs: undefined, reason: "no" });
    expect(returned.messages).toBe(5);
    expect(signal.aborted).toBe(true);
    expect([delivery.open, delivery.hasNext, delivery.isOpen(2)]).toEqual([0, false, false]);
    expect(delivery.settle(2, ACKED)).toMatchObject({ code: "FAILED_PRECONDITION" });
    expect(take().map(({ first, count, kind }) => [first, count, kind])).toEqual([
      [0, 1, "ack"],
      [1, 1, "fail"],
    ]);
  });

  test("one that goes to the dead letters lets the next go on", () => {
    const { delivery } = held(2, "k");
    delivery.settle(0, { kind: "reject", reason: "never" });
    expect(delivery.isOpen(1)).toBe(true);
  });

  test("the last outcome hurries, for the next messages of the key wait for it", () => {
    const { delivery, hurries } = held(2, "k");
    delivery.settle(0, ACKED);
    expect(hurries()).toBe(0);
    delivery.settle(1, ACKED);
    expect(hurries()).toBe(1);
  });
});
