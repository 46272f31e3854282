import { BatchBuilder } from "@chappe/message";
import { describe, expect, it } from "vitest";
import type { Delivery } from "./broker.ts";
import { Dispatcher } from "./dispatcher.ts";
import type { Entry, Turn } from "./store.ts";

const POLICY = { maxAttempts: 3, minDelayMs: 1_000, maxDelayMs: 60_000 };
const PLENTY = { messages: 1_000, bytes: 100_000_000 };

function setUp() {
  const time = { ms: 0 };
  const dispatcher = new Dispatcher({
    retryPolicy: POLICY,
    expired: "dead-letter",
    now: () => time.ms,
    random: () => 0.5,
  });
  const deliveries: Delivery[] = [];
  const identity = { name: "consumer", leaseMs: Number.POSITIVE_INFINITY, beginsSuspects: false };
  const sink = {
    deliver: (delivery: Delivery) => deliveries.push(delivery),
    revoke: () => {},
    epoch: () => {},
    end: () => {},
  };
  const consumer = dispatcher.join(identity, sink);
  dispatcher.grant(consumer, PLENTY);
  const ack = (number: number, count = 1) =>
    dispatcher.settle(consumer, [{ delivery: number, first: 0, count, kind: "ack" }]);
  const handed = () => deliveries.map(({ first, count, attempt }) => ({ first, count, attempt }));
  return { time, dispatcher, consumer, deliveries, ack, handed };
}

function entry(
  ref: string,
  after: string,
  more: { count?: number; bodyBytes?: number; ttlMs?: number; setback?: Turn["setback"] } = {},
): Entry {
  const { count = 1, bodyBytes = 1, ttlMs, setback } = more;
  const builder = new BatchBuilder({ sender: "sender-01", address: "receiver:receiver-01", orderingKey: "k", ttlMs });
  const body = new Uint8Array(bodyBytes);
  for (let message = 0; message < count; message++) builder.add({ body, orderingKey: "k", ttlMs }, 0);
  const { headerBytes, records } = builder.finish(new Uint8Array(0), 0);
  const turn = { after, setback };
  const fresh = { attempt: 1, crashes: 0, redriven: false, redelivered: false, settled: [] };
  return { ref, headerBytes, records, count, first: 0, ...fresh, turn };
}

describe("Dispatcher, with ordering keys", () => {
  it("follows the store's chain, whatever comes first", () => {
    const { dispatcher, deliveries, ack } = setUp();
    dispatcher.offer([entry("3", "2"), entry("2", "1")]);
    expect(dispatcher.astray().map(({ ref, after }) => `${ref} after ${after}`)).toEqual(["2 after 1", "3 after 2"]);
    dispatcher.offer([entry("1", "")]);
    expect(dispatcher.astray()).toEqual([]);
    for (const number of [1, 2, 3]) {
      expect(deliveries).toHaveLength(number);
      ack(number);
    }
    expect(dispatcher.takeSettlements().map(({ ref }) => ref)).toEqual(["1", "2", "3"]);
  });

  it("does not wait for what it has settled, though the store does not know yet", () => {
    const { dispatcher, deliveries } = setUp();
    dispatcher.offer([entry("2", "1")], new Map([["1", "remove"]]));
    expect(deliveries).toHaveLength(1);
  });

  it("waits for what it gives back, though the store does not know yet", () => {
    const { dispatcher, deliveries } = setUp();
    dispatcher.offer([entry("2", "1")], new Map([["1", "return"]]));
    expect(deliveries).toEqual([]);
    expect(dispatcher.astray()).toMatchObject([{ ref: "2", after: "1" }]);
  });

  it("goes on with what the store says is next, and lets go of what has moved", () => {
    const { dispatcher, deliveries } = setUp();
    dispatcher.offer([entry("2", "1"), entry("3", "2"), entry("b", "a")]);
    const astray = dispatcher.astray();
    dispatcher.noteTurns(astray, ["moved", "moved", "next"]);
    expect(deliveries).toHaveLength(1);
    expect(dispatcher.astray()).toEqual([]);
    dispatcher.returnAll();
    expect(dispatcher.takeSettlements().map(({ ref }) => ref)).toEqual(["b"]);
  });

  it("keeps what came anew while the store's answer for its earlier self was on its way", () => {
    const { dispatcher } = setUp();
    dispatcher.offer([entry("2", "1")]);
    const astray = dispatcher.astray();
    dispatcher.offer([entry("2", "1")]);
    dispatcher.noteTurns(astray, ["moved"]);
    expect(dispatcher.astray().map(({ ref }) => ref)).toEqual(["2"]);
  });

  it("hands out a message that has failed on its own, with its attempt, and then those after it", () => {
    const { dispatcher, handed, ack } = setUp();
    const setback = { failures: [{ index: 2, times: 2, crashes: 0 }], total: 2, pauseMs: 0 };
    dispatcher.offer([entry("1", "", { count: 5, setback })]);
    ack(1, 2);
    ack(2);
    expect(handed()).toEqual([
      { first: 0, count: 2, attempt: 1 },
      { first: 2, count: 1, attempt: 3 },
      { first: 3, count: 2, attempt: 1 },
    ]);
  });

  it("hands out nothing of a batch until the pause after a failure is over, which it says", () => {
    const { dispatcher, consumer, deliveries, time } = setUp();
    dispatcher.offer([entry("1", ""), entry("2", "1")]);
    dispatcher.settle(consumer, [{ delivery: 1, first: 0, count: 1, kind: "fail", delayMs: 300 }]);
    expect(dispatcher.nextPauseEndMs).toBe(300);
    time.ms = 299;
    dispatcher.endPauses();
    expect(deliveries).toHaveLength(1);
    time.ms = 300;
    dispatcher.endPauses();
    expect(deliveries.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(dispatcher.nextPauseEndMs).toBeUndefined();
  });

  it("tells the store of a failure with the next progress, and of the rest of its pause", () => {
    const { dispatcher, consumer, time } = setUp();
    dispatcher.offer([entry("1", "", { count: 2 })]);
    dispatcher.settle(consumer, [{ delivery: 1, first: 1, count: 1, kind: "fail", delayMs: 300 }]);
    time.ms = 100;
    dispatcher.noteProgress();
    const setback = { failures: [{ index: 1, times: 1, crashes: 0 }], total: 1, pauseMs: 200 };
    expect(dispatcher.takeSettlements()).toMatchObject([{ action: "keep", settled: [], setback }]);
    dispatcher.noteProgress();
    expect(dispatcher.takeSettlements()).toEqual([]);
  });

  it("gives up what is past its time, up to the last, and goes on with the next batch", () => {
    const { dispatcher, deliveries, time } = setUp();
    time.ms = 1_000;
    const setback = { failures: [{ index: 1, times: 1, crashes: 0 }], total: 1, pauseMs: 0 };
    dispatcher.offer([entry("1", "", { count: 4, ttlMs: 500, setback }), entry("2", "1")]);
    expect(deliveries).toHaveLength(1);
    const [removed] = dispatcher.takeSettlements();
    expect(removed).toMatchObject({ ref: "1", action: "remove" });
    expect(removed?.deadLetters.map(({ first, attempts }) => [first, attempts])).toEqual([
      [0, 0],
      [1, 1],
      [2, 0],
      [3, 0],
    ]);
  });

  it("claims for other keys while one waits, but nothing more beyond 16 MiB or 10,000 messages", () => {
    for (const [entries, size] of [
      [17, { bodyBytes: 1_000_000 }],
      [10, { count: 1_000 }],
    ] as const) {
      const { dispatcher } = setUp();
      dispatcher.offer([entry("0", "")]);
      for (let number = 1; number < entries; number++)
        dispatcher.offer([entry(String(number), String(number - 1), size)]);
      expect(dispatcher.claimLimit()).toBe(64);
      dispatcher.offer([entry(String(entries), String(entries - 1), size)]);
      expect(dispatcher.claimLimit()).toBe(0);
      // It may be what all of them wait for.
      expect(dispatcher.sweepLimit()).toBe(1);
    }
  });
});
