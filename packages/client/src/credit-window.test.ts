import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CreditWindow } from "./credit-window.ts";

describe("credit", () => {
  test("a new stream is granted all of it", () => {
    expect(new CreditWindow({ messages: 10, bytes: 100 }).takeGrant()).toEqual({ messages: 10, bytes: 100 });
  });

  test("is granted again in halves, not message by message", () => {
    const credit = new CreditWindow({ messages: 10, bytes: 100 });
    credit.takeGrant();
    credit.deliver(10, 50, true);
    credit.release(4, 20);
    expect(credit.takeGrant()).toBeUndefined();
    credit.release(1, 5);
    expect(credit.takeGrant()).toEqual({ messages: 5, bytes: 25 });
  });

  test("is granted when half of the bytes are free, however few the messages", () => {
    const credit = new CreditWindow({ messages: 1_000, bytes: 100 });
    credit.takeGrant();
    credit.deliver(2, 90, true);
    credit.release(1, 60);
    expect(credit.takeGrant()).toEqual({ messages: 1, bytes: 60 });
  });

  test("of one message is granted for each", () => {
    const credit = new CreditWindow({ messages: 1, bytes: 100 });
    credit.takeGrant();
    credit.deliver(1, 10, true);
    expect(credit.takeGrant()).toBeUndefined();
    credit.release(1, 10);
    expect(credit.takeGrant()).toEqual({ messages: 1, bytes: 10 });
  });

  test("an oversized message leaves a debt, which is granted with the rest", () => {
    const credit = new CreditWindow({ messages: 10, bytes: 100 });
    credit.takeGrant();
    credit.deliver(1, 5_000, true);
    expect(credit.takeGrant()).toBeUndefined();
    credit.release(1, 5_000);
    expect(credit.takeGrant()).toEqual({ messages: 1, bytes: 5_000 });
  });

  test("held on an earlier stream is not granted on the next", () => {
    const credit = new CreditWindow({ messages: 10, bytes: 100 });
    credit.takeGrant();
    credit.deliver(4, 40, true);
    credit.beginStream();
    expect(credit.takeGrant()).toEqual({ messages: 6, bytes: 60 });
  });

  test("a limit that shrinks takes nothing back, and grants less", () => {
    const credit = new CreditWindow({ messages: 10, bytes: 100 });
    credit.takeGrant();
    credit.deliver(10, 10, true);
    credit.limitMessages(4);
    credit.release(6, 6);
    expect(credit.takeGrant()).toBeUndefined();
    credit.release(2, 2);
    expect(credit.takeGrant()).toMatchObject({ messages: 2 });
  });

  test("is never exceeded, and a consumer that holds nothing always has some", () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("deliver" as const), messages: fc.integer({ min: 1, max: 20 }) }),
      fc.record({ kind: fc.constant("release" as const), messages: fc.integer({ min: 1, max: 20 }) }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.array(step), (limit, steps) => {
        const credit = new CreditWindow({ messages: limit, bytes: limit * 10 });
        let unused = credit.takeGrant()!.messages;
        let held = 0;
        for (const { kind, messages } of steps) {
          const moved = Math.min(messages, kind === "deliver" ? unused : held);
          if (kind === "deliver") {
            credit.deliver(moved, moved * 10, true);
            unused -= moved;
            held += moved;
          } else {
            credit.release(moved, moved * 10);
            held -= moved;
          }
          unused += credit.takeGrant()?.messages ?? 0;
          expect(unused + held).toBeLessThanOrEqual(limit);
          if (held === 0) expect(unused).toBeGreaterThan(0);
        }
      }),
    );
  });
});
