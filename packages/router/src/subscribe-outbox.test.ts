import type { Delivery } from "@chappe/broker";
import { ChappeError, decodeSubscribeResponse } from "@chappe/message";
import { expect, test } from "vitest";
import { SubscribeOutbox } from "./subscribe-outbox.ts";

function delivery(number: number, bytes: number): { kind: "delivery"; delivery: Delivery } {
  const records = Buffer.alloc(bytes);
  return {
    kind: "delivery",
    delivery: {
      number,
      attempt: 1,
      redelivered: false,
      first: 0,
      count: 1,
      headerBytes: records.subarray(0, 1),
      records,
      suspect: false,
    },
  };
}

/** Numbers of the deliveries in each frame, until there are no more. */
function frames(outbox: SubscribeOutbox): number[][] {
  const taken: number[][] = [];
  for (let frame = outbox.take(); frame !== undefined; frame = outbox.take()) {
    taken.push(decodeSubscribeResponse(frame).deliveries.map(({ number }) => number));
  }
  return taken;
}

test("everything that waits goes together, once", () => {
  const outbox = new SubscribeOutbox();
  outbox.open({ epoch: "e1", leaseMs: 30_000, heartbeatMs: 10_000, maxAttempts: 5 });
  outbox.add(delivery(1, 10));
  outbox.add({ kind: "revoked", deliveries: [7, 8] });
  outbox.add({ kind: "epoch", epoch: "e2" });
  outbox.answer(3, []);
  outbox.announceDrain();
  expect(decodeSubscribeResponse(outbox.take()!)).toMatchObject({
    opened: { epoch: "e1" },
    deliveries: [{ number: 1 }],
    settled: [{ number: 3, refused: [] }],
    draining: true,
    epoch: "e2",
    revoked: [7, 8],
  });
  expect(outbox.take()).toBeUndefined();
});

test("deliveries are spread over frames by their bytes, and one that is larger goes alone", () => {
  const outbox = new SubscribeOutbox();
  for (const [index, bytes] of [100_000, 100_000, 100_000, 1_000_000, 10].entries()) {
    outbox.add(delivery(index + 1, bytes));
  }
  expect(frames(outbox)).toEqual([[1, 2], [3], [4], [5]]);
});

test("a delivery that waits for a later frame is taken back there, and not before", () => {
  const outbox = new SubscribeOutbox();
  for (let number = 1; number <= 3; number++) outbox.add(delivery(number, 200_000));
  outbox.add({ kind: "revoked", deliveries: [1, 3] });
  const taken = [outbox.take(), outbox.take(), outbox.take()].map((frame) => {
    const { deliveries, revoked } = decodeSubscribeResponse(frame!);
    return { deliveries: deliveries.map(({ number }) => number), revoked };
  });
  expect(taken).toEqual([
    { deliveries: [1], revoked: [1] },
    { deliveries: [2], revoked: [] },
    { deliveries: [3], revoked: [3] },
  ]);
  expect(outbox.take()).toBeUndefined();
});

test("any number of deliveries can be taken back at once", () => {
  const outbox = new SubscribeOutbox();
  const deliveries = Array.from({ length: 200_000 }, (_, index) => index + 1);
  outbox.add({ kind: "revoked", deliveries });
  expect(decodeSubscribeResponse(outbox.take()!).revoked).toHaveLength(200_000);
});

test("it is full at half a megabyte, and not when frames have gone", () => {
  const outbox = new SubscribeOutbox();
  for (let number = 1; number <= 6; number++) {
    expect(outbox.isFull).toBe(false);
    outbox.add(delivery(number, 100_000));
  }
  expect(outbox.isFull).toBe(true);
  outbox.take();
  expect(outbox).toMatchObject({ isFull: false, takenBytes: 200_000 });
});

test("answers that are not fetched make it fall behind, and a frame of them stays below what clients take", () => {
  const outbox = new SubscribeOutbox();
  const error = new ChappeError("FAILED_PRECONDITION", "€".repeat(1_000));
  const outcome = { delivery: 2 ** 53 - 1, first: 2 ** 32 - 1, count: 2 ** 32 - 1, kind: "ack" } as const;
  for (let number = 1; number <= 3; number++) outbox.answer(number, Array(4_096).fill({ outcome, error }));
  expect(outbox.isBehind).toBe(true);
  const sizes = [outbox.take(), outbox.take(), outbox.take()].map((frame) => frame?.length ?? 0);
  expect(Math.max(...sizes)).toBeLessThan(4 * 1_048_576);
  expect(outbox.isBehind).toBe(false);
  expect(outbox.take()).toBeUndefined();
});

test("deliveries that were given back are not sent, the rest is", () => {
  const outbox = new SubscribeOutbox();
  outbox.add(delivery(1, 10));
  outbox.answer(3, []);
  outbox.dropDeliveries();
  expect(decodeSubscribeResponse(outbox.take()!)).toMatchObject({ deliveries: [], settled: [{ number: 3 }] });
});
