import { BatchBuilder, readMessages, decodeBatchHeader } from "@chappe/message";
import { describe, expect, it } from "vitest";
import type { Delivery, Outcome } from "./broker.ts";
import type { Consumer } from "./consumer.ts";
import { Dispatcher } from "./dispatcher.ts";
import type { Entry, Settlement } from "./store.ts";

const POLICY = { maxAttempts: 3, minDelayMs: 1_000, maxDelayMs: 60_000 };

/** A dispatcher whose clock is `time.ms`, and what its consumers were given. */
function setUp() {
  const time = { ms: 0 };
  const dispatcher = new Dispatcher({
    retryPolicy: POLICY,
    expired: "dead-letter",
    now: () => time.ms,
    random: () => 0.5,
  });
  return { time, dispatcher };
}

function join(dispatcher: Dispatcher, name = "consumer", leaseMs = Number.POSITIVE_INFINITY) {
  const deliveries: Delivery[] = [];
  const revoked: number[] = [];
  const sink = {
    deliver: (delivery: Delivery) => deliveries.push(delivery),
    revoke: (numbers: readonly number[]) => revoked.push(...numbers),
    epoch: () => {},
    end: () => {},
  };
  const consumer = dispatcher.join({ name, leaseMs, beginsSuspects: false }, sink);
  return { consumer, deliveries, revoked };
}

function entry(ref: string, bodies: readonly string[], more: Partial<Entry> = {}): Entry {
  const builder = new BatchBuilder({ sender: "sender-01", address: "receiver:receiver-01" });
  for (const body of bodies) builder.add({ body }, 0);
  const { headerBytes, records } = builder.finish(new Uint8Array(0), 0);
  return {
    ref,
    headerBytes,
    records,
    count: bodies.length,
    first: 0,
    attempt: 1,
    crashes: 0,
    redriven: false,
    redelivered: false,
    settled: [],
    turn: undefined,
    ...more,
  };
}

function texts(deliveries: readonly Delivery[]): string[] {
  return deliveries.flatMap(({ headerBytes, records, first, count }) =>
    readMessages({ header: decodeBatchHeader(headerBytes), records, first, count }).map((message) => message.text()),
  );
}

function outcome(
  kind: Outcome["kind"],
  delivery: number,
  first: number,
  count: number,
  more: Partial<Outcome> = {},
): Outcome {
  return { kind, delivery, first, count, ...more };
}

const PLENTY = { messages: 1_000, bytes: 1_000_000 };
const settledRefs = (settlements: readonly Settlement[]) => settlements.map(({ action, ref }) => `${action} ${ref}`);

describe("Dispatcher", () => {
  it("keeps at most 1 KiB of a reason", () => {
    const { dispatcher } = setUp();
    const { consumer } = join(dispatcher);
    dispatcher.grant(consumer, PLENTY);
    dispatcher.offer([entry("a", ["1"])]);
    dispatcher.settle(consumer, [outcome("reject", 1, 0, 1, { reason: "€".repeat(1_000) })]);
    expect(dispatcher.takeSettlements()).toMatchObject([{ deadLetters: [{ reason: "€".repeat(341) }] }]);
  });

  it("hands out records that nobody can read, and lets them be rejected one by one", () => {
    const { dispatcher } = setUp();
    const { consumer, deliveries } = join(dispatcher);
    const records = Uint8Array.of(1, 2, 3, 4, 5, 6);
    dispatcher.offer([entry("a", ["1", "2", "3"], { records, settled: [{ from: 2, to: 3 }] })]);
    for (let message = 1; message <= 2; message++) dispatcher.grant(consumer, { messages: 1, bytes: 1_000 });
    expect(deliveries).toMatchObject([
      { first: 0, count: 1, records },
      { first: 1, count: 1, records: new Uint8Array(0) },
    ]);
    dispatcher.settle(consumer, [outcome("reject", 1, 0, 1), outcome("reject", 2, 0, 1)]);
    expect(dispatcher.takeSettlements()).toMatchObject([
      { ref: "a", action: "remove", deadLetters: [{ first: 0, records }, { first: 1 }] },
    ]);
  });

  it("hands out messages in order, never more than the credit", () => {
    const { dispatcher } = setUp();
    const { consumer, deliveries } = join(dispatcher);
    dispatcher.offer([entry("a", ["1", "2", "3"]), entry("b", ["4", "5"])]);
    expect(deliveries).toEqual([]);
    dispatcher.grant(consumer, { messages: 2, bytes: 1_000 });
    expect(texts(deliveries)).toEqual(["1", "2"]);
    dispatcher.grant(consumer, { messages: 2, bytes: 1_000 });
    expect(texts(deliveries)).toEqual(["1", "2", "3", "4"]);
    expect(deliveries.map(({ number, first, count }) => ({ number, first, count }))).toEqual([
      { number: 1, first: 0, count: 2 },
      { number: 2, first: 2, count: 1 },
      { number: 3, first: 0, count: 1 },
    ]);
  });

  it("cuts a batch at the last record that the credit in bytes covers", () => {
    const { dispatcher } = setUp();
    const { consumer, deliveries } = join(dispatcher);
    const big = entry("a", ["x".repeat(100), "y".repeat(100), "z".repeat(100)]);
    dispatcher.grant(consumer, { messages: 100, bytes: Math.floor((big.records.length * 2) / 3) + 1 });
    dispatcher.offer([big]);
    expect(texts(deliveries)).toEqual(["x".repeat(100), "y".repeat(100)]);
  });

  it("passes a single message larger than the credit in bytes only to a consumer that holds nothing", () => {
    const { dispatcher } = setUp();
    const { consumer, deliveries } = join(dispatcher);
    dispatcher.offer([entry("small", ["s"]), entry("large", ["l".repeat(500)])]);
    dispatcher.grant(consumer, { messages: 10, bytes: 100 });
    expect(texts(deliveries)).toEqual(["s"]);
    dispatcher.settle(consumer, [outcome("ack", 1, 0, 1)]);
    dispatcher.grant(consumer, { messages: 1, bytes: 10 });
    expect(texts(deliveries)).toEqual(["s", "l".repeat(500)]);
    expect(consumer.credit.bytes).toBeLessThan(0);
  });

  it("passes it as soon as the last one held is settled, also when the credit came before the outcome", () => {
    const { dispatcher } = setUp();
    const { consumer, deliveries } = join(dispatcher);
    dispatcher.offer([entry("small", ["s"]), entry("large", ["l".repeat(500)])]);
    dispatcher.grant(consumer, { messages: 10, bytes: 100 });
    dispatcher.grant(consumer, { messages: 1, bytes: 3 });
    dispatcher.settle(consumer, [outcome("ack", 1, 0, 1)]);
    expect(texts(deliveries)).toEqual(["s", "l".repeat(500)]);
  });

  it("tells the store of a batch when its last message is acked", () => {
    const { dispatcher } = setUp();
    const { consumer } = join(dispatcher);
    dispatcher.grant(consumer, PLENTY);
    dispatcher.offer([entry("a", ["1", "2", "3"])]);
    dispatcher.settle(consumer, [outcome("ack", 1, 1, 2)]);
    expect(dispatcher.takeSettlements()).toEqual([]);
    dispatcher.settle(consumer, [outcome("ack", 1, 0, 1)]);
    expect(dispatcher.takeSettlements()).toMatchObject([
      { ref: "a", action: "remove", ackedMessages: 3, retries: [], deadLetters: [] },
    ]);
  });

  it("notes progress of a batch that stays open, once", () => {
    const { dispatcher } = setUp();
    const { consumer } = join(dispatcher);
    dispatcher.grant(consumer, PLENTY);
    dispatcher.offer([entry("a", ["1", "2", "3"])]);
    dispatcher.settle(consumer, [outcome("ack", 1, 2, 1)]);
    dispatcher.noteProgress();
    dispatcher.noteProgress();
    expect(dispatcher.takeSettlements()).toMatchObject([
      { ref: "a", action: "keep", settled: [{ from: 2, to: 3 }], ackedMessages: 1 },
    ]);
  });

  it("does not hand out again what an earlier owner had settled", () => {
    const { dispatcher } = setUp();
    const { consumer, deliveries } = join(dispatcher);
    dispatcher.grant(consumer, PLENTY);
    dispatcher.offer([entry("a", ["1", "2", "3"], { settled: [{ from: 1, to: 2 }], redelivered: true })]);
    expect(texts(deliveries)).toEqual(["1", "3"]);
    expect(deliveries.map(({ redelivered, first }) => [redelivered, first])).toEqual([
      [true, 0],
      [true, 2],
    ]);
  });

  it("counts an outcome once and refuses late, repeated and foreign ones, whole", () => {
    const { dispatcher } = setUp();
    const one = join(dispatcher, "one");
    const other = join(dispatcher, "other");
    dispatcher.grant(one.consumer, PLENTY);
    dispatcher.offer([entry("a", ["1", "2", "3"])]);
    const refused = (consumer: Consumer, ...outcomes: Outcome[]) =>
      dispatcher.settle(consumer, outcomes).map(({ error }) => error.code);
    expect(refused(one.consumer, outcome("ack", 1, 0, 1))).toEqual([]);
    expect(refused(one.consumer, outcome("fail", 1, 0, 2))).toEqual(["FAILED_PRECONDITION"]);
    expect(
      refused(one.consumer, outcome("ack", 1, 2, 2), outcome("ack", 1, 0, 0), outcome("ack", 9, 0, 1)),
    ).toHaveLength(3);
    expect(refused(other.consumer, outcome("ack", 1, 1, 1))).toEqual(["FAILED_PRECONDITION"]);
    expect(refused(one.consumer, outcome("ack", 1, 1, 2))).toEqual([]);
    expect(refused(one.consumer, outcome("ack", 1, 1, 2))).toEqual(["FAILED_PRECONDITION"]);
    expect(dispatcher.takeSettlements()).toMatchObject([{ action: "remove", ackedMessages: 3, retries: [] }]);
  });

  it("sends each failed message on alone, with backoff, in the step that removes its batch", () => {
    const { dispatcher } = setUp();
    const { consumer } = join(dispatcher);
    dispatcher.grant(consumer, PLENTY);
    dispatcher.offer([entry("a", ["1", "2", "3"], { first: 10 })]);
    dispatcher.settle(consumer, [outcome("fail", 1, 0, 2), outcome("ack", 1, 2, 1)]);
    const [settlement] = dispatcher.takeSettlements();
    expect(settlement).toMatchObject({
      action: "remove",
      retries: [
        { first: 10, count: 1, attempt: 2, delayMs: 1_500 },
        { first: 11, count: 1, attempt: 2, delayMs: 1_500 },
      ],
    });
  });

  it("retries after the consumer's own delay when it names one", () => {
    const { dispatcher } = setUp();
    const { consumer } = join(dispatcher);
    dispatcher.grant(consumer, PLENTY);
    dispatcher.offer([entry("a", ["1"])]);
    dispatcher.settle(consumer, [outcome("fail", 1, 0, 1, { delayMs: 77 })]);
    expect(dispatcher.takeSettlements()).toMatchObject([{ retries: [{ delayMs: 77 }] }]);
  });

  it("buries a rejected message with its reason, and one that used up its attempts", () => {
    const { dispatcher } = setUp();
    const { consumer } = join(dispatcher);
    dispatcher.grant(consumer, PLENTY);
    dispatcher.offer([entry("a", ["1"]), entry("b", ["2"], { attempt: 3 })]);
    dispatcher.settle(consumer, [
      outcome("reject", 1, 0, 1, { reason: "no such order" }),
      outcome("fail", 2, 0, 1, { reason: "boom" }),
    ]);
    expect(dispatcher.takeSettlements().flatMap(({ deadLetters }) => deadLetters)).toMatchObject([
      { attempts: 1, reason: "no such order" },
      { attempts: 3, reason: "failed 3 of 3 attempts: boom" },
    ]);
  });

  it("gives released messages out again at once, in their place, uncounted", () => {
    const { dispatcher } = setUp();
    const { consumer, deliveries } = join(dispatcher);
    dispatcher.grant(consumer, { messages: 3, bytes: 1_000 });
    dispatcher.offer([entry("a", ["1", "2", "3"]), entry("b", ["4"])]);
    dispatcher.settle(consumer, [outcome("release", 1, 1, 1), outcome("release", 1, 0, 1)]);
    deliveries.length = 0;
    dispatcher.grant(consumer, PLENTY);
    expect(texts(deliveries)).toEqual(["1", "2", "4"]);
    expect(deliveries.every(({ attempt }) => attempt === 1)).toBe(true);
  });

  it("gives what a closed consumer held to the others, and to other instances when it was the last", () => {
    const { dispatcher } = setUp();
    const one = join(dispatcher, "one");
    dispatcher.grant(one.consumer, PLENTY);
    dispatcher.offer([entry("a", ["1", "2"])]);
    dispatcher.settle(one.consumer, [outcome("ack", 1, 0, 1)]);
    const two = join(dispatcher, "two");
    dispatcher.grant(two.consumer, PLENTY);
    dispatcher.leave(one.consumer, "closed");
    expect(texts(two.deliveries)).toEqual(["2"]);
    dispatcher.leave(two.consumer, "closed");
    expect(dispatcher.takeSettlements()).toMatchObject([
      { ref: "a", action: "return", settled: [{ from: 0, to: 1 }], retries: [] },
    ]);
  });

  it("counts a crash: together at first, then each message alone, then to the dead letters", () => {
    const { dispatcher } = setUp();
    const crash = (attempt: number) => {
      const { consumer } = join(dispatcher, "shaky");
      dispatcher.grant(consumer, PLENTY);
      dispatcher.offer([entry(`a${attempt}`, ["1", "2", "3"], { attempt })]);
      dispatcher.settle(consumer, [outcome("ack", 1, 1, 1)]);
      dispatcher.leave(consumer, "crashed");
      const [settlement] = dispatcher.takeSettlements();
      expect(settlement?.action).toBe("remove");
      return settlement;
    };
    expect(crash(1)?.retries.map(({ first, count, attempt }) => [first, count, attempt])).toEqual([
      [0, 1, 2],
      [2, 1, 2],
    ]);
    expect(crash(2)?.retries.map(({ first, count, attempt }) => [first, count, attempt])).toEqual([
      [0, 1, 3],
      [2, 1, 3],
    ]);
    expect(crash(3)?.deadLetters).toMatchObject([{ attempts: 3 }, { attempts: 3 }]);
  });

  it("keeps crashed neighbours together the first time and splits them the second", () => {
    const { dispatcher } = setUp();
    const counts = [1, 2].map((attempt) => {
      const { consumer } = join(dispatcher);
      dispatcher.grant(consumer, PLENTY);
      dispatcher.offer([entry(`a${attempt}`, ["1", "2"], { attempt })]);
      dispatcher.leave(consumer, "crashed");
      return dispatcher.takeSettlements().flatMap(({ retries }) => retries.map(({ count }) => count));
    });
    expect(counts).toEqual([[2], [1, 1]]);
  });

  it("divides a batch among consumers that wait", () => {
    const { dispatcher } = setUp();
    const one = join(dispatcher, "one");
    const two = join(dispatcher, "two");
    dispatcher.grant(one.consumer, PLENTY);
    dispatcher.grant(two.consumer, PLENTY);
    dispatcher.offer([entry("a", ["1", "2", "3", "4"])]);
    expect(one.deliveries).not.toEqual([]);
    expect(two.deliveries).not.toEqual([]);
    expect([...texts(one.deliveries), ...texts(two.deliveries)].sort()).toEqual(["1", "2", "3", "4"]);
  });

  it("revokes what another instance has taken over, and refuses its outcomes", () => {
    const { dispatcher } = setUp();
    const { consumer, deliveries, revoked } = join(dispatcher);
    dispatcher.grant(consumer, { messages: 1, bytes: 1_000 });
    dispatcher.offer([entry("a", ["1", "2"])]);
    dispatcher.lose("a");
    expect(revoked).toEqual([1]);
    expect(dispatcher.settle(consumer, [outcome("ack", 1, 0, 1)])).toHaveLength(1);
    dispatcher.grant(consumer, PLENTY);
    expect(texts(deliveries)).toEqual(["1"]);
    expect(dispatcher.takeSettlements()).toEqual([]);
  });

  it("asks for no more entries than its consumers' credit can take, and for none while enough waits", () => {
    const { dispatcher } = setUp();
    const { consumer } = join(dispatcher);
    expect(dispatcher.claimLimit()).toBe(0);
    dispatcher.grant(consumer, { messages: 5, bytes: 1_000_000 });
    expect(dispatcher.claimLimit()).toBe(5);
    dispatcher.offer([entry("a", ["1", "2", "3", "4", "5", "6", "7"])]);
    expect(dispatcher.claimLimit()).toBe(0);
    dispatcher.grant(consumer, { messages: 1, bytes: 0 });
    expect(dispatcher.claimLimit()).toBe(0);
  });

  it("passes over an entry that it has already", () => {
    const { dispatcher } = setUp();
    const { consumer, deliveries } = join(dispatcher);
    dispatcher.grant(consumer, PLENTY);
    dispatcher.offer([entry("a", ["1"])]);
    dispatcher.offer([entry("a", ["1"])]);
    expect(texts(deliveries)).toEqual(["1"]);
  });

  it("names the consumers whose lease is over", () => {
    const { dispatcher, time } = setUp();
    join(dispatcher, "silent", 30_000);
    const { consumer } = join(dispatcher, "lively", 30_000);
    time.ms = 20_000;
    consumer.lastSignMs = time.ms;
    time.ms = 30_001;
    expect(settledRefs(dispatcher.takeSettlements())).toEqual([]);
    expect(dispatcher.silent().map(({ name }) => name)).toEqual(["silent"]);
  });
});
