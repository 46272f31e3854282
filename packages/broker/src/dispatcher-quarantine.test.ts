import { BatchBuilder } from "@chappe/message";
import { describe, expect, it } from "vitest";
import type { Delivery } from "./broker.ts";
import type { Consumer } from "./consumer.ts";
import { Dispatcher } from "./dispatcher.ts";
import type { Entry } from "./store.ts";

const PLENTY = { messages: 100, bytes: 100_000 };

function setUp() {
  const time = { nowMs: 1_000 };
  const dispatcher = new Dispatcher({
    retryPolicy: { maxAttempts: 5, minDelayMs: 1_000, maxDelayMs: 60_000 },
    now: () => time.nowMs,
    random: () => 0,
    expired: "dead-letter",
  });
  const join = (name: string, { beginsSuspects = false } = {}) => {
    const deliveries: Delivery[] = [];
    const sink = {
      deliver: (delivery: Delivery) => void deliveries.push(delivery),
      revoke: () => {},
      epoch: () => {},
      end: () => {},
    };
    const consumer = dispatcher.join({ name, leaseMs: Number.POSITIVE_INFINITY, beginsSuspects }, sink);
    dispatcher.grant(consumer, PLENTY);
    return { consumer, deliveries, attempts: () => deliveries.map(({ attempt }) => attempt) };
  };
  const ack = (consumer: Consumer, delivery: number) =>
    dispatcher.settle(consumer, [{ delivery, first: 0, count: 1, kind: "ack" }]);
  return { dispatcher, join, ack, time };
}

/** One message. A suspect is known by its attempt, 3. */
function entry(ref: string, crashes: number, ttlMs?: number): Entry {
  const builder = new BatchBuilder({ sender: "sender-01", address: "receiver:receiver-01", ttlMs });
  builder.add({ body: ref, ttlMs }, 0);
  const { headerBytes, records } = builder.finish(new Uint8Array(0), 0);
  const stored = { ref, headerBytes, records, count: 1, first: 0, attempt: 1 + crashes, crashes };
  return { ...stored, redriven: false, redelivered: false, settled: [], turn: undefined };
}

/** Messages of an ordering key of their own, of which the first has failed, in a crash or not. */
function ordered(ref: string, failed: { times: number; crashes: number }, count = 1): Entry {
  const orderingKey = ref;
  const builder = new BatchBuilder({ sender: "sender-01", address: "receiver:receiver-01", orderingKey });
  for (let message = 0; message < count; message++) builder.add({ body: ref, orderingKey }, 0);
  const failures = failed.times > 0 ? [{ index: 0, ...failed }] : [];
  const turn = { after: "", setback: { failures, total: failed.times, pauseMs: 0 } };
  return { ...entry(ref, 0), ...builder.finish(new Uint8Array(0), 0), count, turn };
}

describe("what two consumers crashed with", () => {
  it("waits until a consumer's hands are empty, and then is all there is in them", () => {
    const { dispatcher, join, ack } = setUp();
    const { consumer, attempts } = join("one");
    dispatcher.offer([entry("a", 0), entry("suspect", 2), entry("b", 1)]);
    expect(attempts()).toEqual([1, 2]);
    ack(consumer, 1);
    expect(attempts()).toEqual([1, 2]);
    ack(consumer, 2);
    dispatcher.offer([entry("c", 0)]);
    expect(attempts()).toEqual([1, 2, 3]);
    ack(consumer, 3);
    expect(attempts()).toEqual([1, 2, 3, 1]);
  });

  it("leaves the other consumers as they are", () => {
    const { dispatcher, join } = setUp();
    const one = join("one");
    const other = join("other");
    dispatcher.offer([entry("suspect", 2)]);
    dispatcher.offer([entry("a", 0), entry("b", 0)]);
    expect(one.attempts()).toEqual([3]);
    expect(other.attempts()).toEqual([1, 1]);
  });

  it("takes turns with the others, so that many of them stop nothing", () => {
    const { dispatcher, join, ack } = setUp();
    const { consumer, attempts } = join("one");
    dispatcher.offer([entry("s1", 2), entry("s2", 2)]);
    dispatcher.offer([entry("a", 0)]);
    expect(attempts()).toEqual([3]);
    ack(consumer, 1);
    expect(attempts()).toEqual([3, 1]);
    ack(consumer, 2);
    expect(attempts()).toEqual([3, 1, 3]);
  });

  it("lets what is new be asked for between two of them, and goes on when there is none", () => {
    const { dispatcher, join, ack } = setUp();
    const { consumer, attempts } = join("one");
    dispatcher.offer([entry("s1", 2), entry("s2", 2), entry("s3", 2)]);
    expect(dispatcher.claimLimit()).toBe(0);
    ack(consumer, 1);
    expect(attempts()).toEqual([3]);
    expect(dispatcher.claimLimit()).toBeGreaterThan(0);
    dispatcher.grant(consumer, PLENTY);
    dispatcher.offer([entry("a", 0)]);
    expect(attempts()).toEqual([3, 1]);
    ack(consumer, 2);
    ack(consumer, 3);
    expect(attempts()).toEqual([3, 1, 3]);
    dispatcher.endRest();
    expect(attempts()).toEqual([3, 1, 3, 3]);
  });

  it("keeps half of the consumers at most, and the others go on", () => {
    const { dispatcher, join } = setUp();
    const readers = ["one", "two", "three", "four"].map((name) => join(name));
    dispatcher.offer(Array.from({ length: 5 }, (_, n) => entry(`s${n}`, 2)));
    dispatcher.offer([entry("a", 0), entry("b", 0), entry("c", 0)]);
    const handed = readers.map((reader) => reader.attempts()).toSorted((a, b) => a.length - b.length);
    expect(handed).toEqual([[3], [3], [1], [1, 1]]);
  });

  it("is handed out however much else there is, and whoever else reads", () => {
    const { dispatcher, join, ack } = setUp();
    const readers = [join("one"), join("other")];
    dispatcher.offer([entry("suspect", 2)]);
    let number = 0;
    const acked = new Map(readers.map((reader) => [reader, 0]));
    for (let round = 0; round < 50; round++) {
      dispatcher.offer([entry(`x${number++}`, 0), entry(`x${number++}`, 0), entry(`x${number++}`, 0)]);
      for (const reader of readers) {
        let done = acked.get(reader) ?? 0;
        while (done < reader.deliveries.length) ack(reader.consumer, ++done);
        acked.set(reader, done);
        dispatcher.grant(reader.consumer, { messages: 3, bytes: 1_000 });
      }
    }
    expect(readers.flatMap((reader) => reader.attempts())).toContain(3);
  });

  it("in number does not keep a slow consumer from what is new", () => {
    const { dispatcher, join, time } = setUp();
    const { attempts } = join("slow");
    dispatcher.offer([entry("a", 0), ...Array.from({ length: 5 }, (_, n) => entry(`s${n}`, 2))]);
    time.nowMs += 10_000;
    dispatcher.offer([]);
    expect(attempts()).toEqual([1, 3, 3, 3, 3, 3]);
    expect(dispatcher.claimLimit()).toBeGreaterThan(0);
  });

  it("alone is counted when its consumer crashes", () => {
    const { dispatcher, join } = setUp();
    const one = join("one");
    dispatcher.offer([entry("suspect", 2), entry("a", 0)]);
    expect(one.attempts()).toEqual([1]);
    dispatcher.settle(one.consumer, [{ delivery: 1, first: 0, count: 1, kind: "ack" }]);
    expect(one.attempts()).toEqual([1, 3]);
    join("next");
    dispatcher.leave(one.consumer, "crashed");
    const retries = dispatcher.takeSettlements().flatMap((settlement) => settlement.retries);
    expect(retries).toMatchObject([{ attempt: 4, crashes: 3 }]);
  });

  it("is not counted when its consumer, which says when it begins, had not begun on it", () => {
    const { dispatcher, join } = setUp();
    const crash = (suspect: Entry, begun: readonly number[]) => {
      const { consumer, deliveries } = join("one", { beginsSuspects: true });
      dispatcher.offer([suspect]);
      expect(deliveries).toMatchObject([{ suspect: true }]);
      consumer.begin(begun);
      dispatcher.leave(consumer, "crashed");
      return dispatcher.takeSettlements();
    };
    expect(crash(entry("a", 4), [])).toMatchObject([{ retries: [{ attempt: 5, crashes: 5 }] }]);
    expect(crash(entry("b", 4), [2])).toMatchObject([{ retries: [{ attempt: 5, crashes: 5 }] }]);
    expect(crash(entry("c", 4), [1])).toMatchObject([{ deadLetters: [{ attempts: 5 }] }]);
  });

  it("is given up after 20 crashes, though nobody had begun on it: it may crash who reads it", () => {
    const { dispatcher, join } = setUp();
    const { consumer } = join("one", { beginsSuspects: true });
    dispatcher.offer([{ ...entry("a", 19), attempt: 3 }]);
    dispatcher.leave(consumer, "crashed");
    const reason = "in the hands of 20 consumers that crashed: consumer one crashed";
    expect(dispatcher.takeSettlements()).toMatchObject([{ deadLetters: [{ attempts: 3, reason }] }]);
  });

  it("goes to another consumer when the one kept for it leaves, drains, or has left", () => {
    const { dispatcher, join } = setUp();
    const one = join("one");
    dispatcher.offer([entry("a", 0)]);
    dispatcher.offer([entry("suspect", 2)]);
    const other = join("other");
    dispatcher.drain(one.consumer);
    expect(one.attempts()).toEqual([1]);
    expect(other.attempts()).toEqual([3]);
  });

  it("is handed out with others after 10 s, for a consumer may gather messages before it settles any", () => {
    const { dispatcher, join, time } = setUp();
    const { consumer, deliveries, attempts } = join("one", { beginsSuspects: true });
    dispatcher.offer([entry("a", 0), entry("suspect", 2)]);
    time.nowMs += 9_999;
    dispatcher.offer([entry("b", 0)]);
    expect(attempts()).toEqual([1]);
    time.nowMs += 1;
    dispatcher.offer([]);
    expect(attempts().toSorted((a, b) => a - b)).toEqual([1, 1, 3]);
    // Its client could let one of many begin every 10 s only. So its crash counts, as before.
    expect(deliveries.some(({ suspect }) => suspect)).toBe(false);
    dispatcher.leave(consumer, "crashed");
    expect(dispatcher.takeSettlements().flatMap(({ retries }) => retries)).toContainEqual(
      expect.objectContaining({ attempt: 4, crashes: 3 }),
    );
  });

  it("is not handed out when its time is over before anybody's hands are empty", () => {
    const { dispatcher, join, ack, time } = setUp();
    const { consumer, attempts } = join("one");
    dispatcher.offer([entry("a", 0), entry("suspect", 2, 5_000), entry("other suspect", 2, 9_000)]);
    time.nowMs = 5_000;
    ack(consumer, 1);
    expect(attempts()).toEqual([1, 3]);
    expect(dispatcher.takeSettlements()).toMatchObject([
      { ref: "a", action: "remove" },
      { ref: "suspect", action: "remove", deadLetters: [{ attempts: 2 }] },
    ]);
    ack(consumer, 2);
    dispatcher.offer([entry("b", 0)]);
    expect(attempts()).toEqual([1, 3, 1]);
  });

  it("is not handed out by one that drains all its consumers", () => {
    const { dispatcher, join, ack } = setUp();
    const { consumer, attempts } = join("one");
    dispatcher.offer([entry("a", 0), entry("suspect", 2)]);
    dispatcher.drain(...dispatcher.consumers);
    ack(consumer, 1);
    expect(attempts()).toEqual([1]);
    dispatcher.leave(consumer, "closed");
    expect(dispatcher.takeSettlements()).toMatchObject([{ ref: "a", action: "remove" }, { action: "return" }]);
  });

  it("goes back to the store with all the rest", () => {
    const { dispatcher, join } = setUp();
    const one = join("one");
    dispatcher.offer([entry("a", 0), entry("suspect", 2)]);
    dispatcher.leave(one.consumer, "closed");
    expect(dispatcher.takeSettlements().map(({ ref, action }) => `${ref} ${action}`)).toEqual([
      "a return",
      "suspect return",
    ]);
    const next = join("next");
    dispatcher.offer([entry("b", 0)]);
    expect(next.attempts()).toEqual([1]);
  });
});

describe("the message of an ordering key that two consumers crashed with", () => {
  it("is handed out alone, and what follows it with others again", () => {
    const { dispatcher, join, ack } = setUp();
    const { consumer, deliveries, attempts } = join("one");
    dispatcher.offer([entry("a", 0), ordered("suspect", { times: 2, crashes: 2 }, 3)]);
    expect(attempts()).toEqual([1]);
    ack(consumer, 1);
    dispatcher.offer([ordered("other", { times: 0, crashes: 0 })]);
    expect(attempts()).toEqual([1, 3]);
    ack(consumer, 2);
    expect(deliveries.slice(2).map(({ first, count, attempt }) => ({ first, count, attempt }))).toEqual([
      { first: 1, count: 2, attempt: 1 },
      { first: 0, count: 1, attempt: 1 },
    ]);
  });

  it("is not one that failed as often, but crashed one consumer at most", () => {
    const { dispatcher, join } = setUp();
    const { attempts } = join("one");
    dispatcher.offer([ordered("failed", { times: 3, crashes: 1 }), ordered("other", { times: 0, crashes: 0 })]);
    expect(attempts()).toEqual([4, 1]);
  });

  it("is one after a crash and a crash, whatever failed between, and the store is told of both", () => {
    const { dispatcher, join, time } = setUp();
    const first = join("first");
    dispatcher.offer([ordered("red", { times: 0, crashes: 0 }), ordered("blue", { times: 0, crashes: 0 })]);
    const second = join("second");
    dispatcher.drain(second.consumer);
    dispatcher.leave(first.consumer, "crashed");
    dispatcher.noteProgress();
    const crashedOnce = { failures: [{ index: 0, times: 1, crashes: 1 }], total: 1 };
    expect(dispatcher.takeSettlements().map(({ setback }) => setback)).toMatchObject([crashedOnce, crashedOnce]);
    const third = join("third");
    time.nowMs += 60_000;
    dispatcher.endPauses();
    expect(third.attempts()).toEqual([2, 2]);
    dispatcher.settle(third.consumer, [{ delivery: 1, first: 0, count: 1, kind: "fail", delayMs: 0 }]);
    expect(third.attempts()).toEqual([2, 2, 3]);
    dispatcher.leave(third.consumer, "crashed");
    dispatcher.noteProgress();
    expect(dispatcher.takeSettlements().map(({ setback }) => setback?.failures)).toEqual([
      [{ index: 0, times: 3, crashes: 2 }],
      [{ index: 0, times: 2, crashes: 2 }],
    ]);
    time.nowMs += 60_000;
    const fourth = join("fourth");
    dispatcher.endPauses();
    expect(fourth.deliveries).toHaveLength(1);
  });

  it("alone is counted when its consumer crashes, and other keys' go on", () => {
    const { dispatcher, join } = setUp();
    const one = join("one");
    dispatcher.offer([ordered("guilty", { times: 4, crashes: 4 }), ordered("innocent", { times: 4, crashes: 4 })]);
    expect(one.deliveries).toHaveLength(1);
    const next = join("next");
    dispatcher.leave(one.consumer, "crashed");
    expect(dispatcher.takeSettlements()).toMatchObject([{ ref: "guilty", deadLetters: [{ attempts: 5 }] }]);
    expect(next.attempts()).toEqual([5]);
  });

  it("is not counted when its consumer had not begun on it, and comes again after a pause", () => {
    const { dispatcher, join, time } = setUp();
    const { consumer, deliveries } = join("one", { beginsSuspects: true });
    dispatcher.offer([ordered("suspect", { times: 4, crashes: 4 })]);
    expect(deliveries).toMatchObject([{ attempt: 5, suspect: true }]);
    const next = join("next", { beginsSuspects: true });
    dispatcher.leave(consumer, "crashed");
    dispatcher.noteProgress();
    expect(dispatcher.takeSettlements()).toMatchObject([
      { setback: { failures: [{ times: 4, crashes: 5 }], total: 5 } },
    ]);
    time.nowMs += 60_000;
    dispatcher.endPauses();
    expect(next.attempts()).toEqual([5]);
    next.consumer.begin([1]);
    dispatcher.leave(next.consumer, "crashed");
    expect(dispatcher.takeSettlements()).toMatchObject([{ deadLetters: [{ attempts: 5 }] }]);
  });

  it("is handed out alone again when it crashed one that had it with others, after 10 s", () => {
    const { dispatcher, join, time } = setUp();
    const one = join("one");
    dispatcher.offer([entry("a", 0), ordered("suspect", { times: 2, crashes: 2 })]);
    time.nowMs += 10_000;
    dispatcher.offer([]);
    expect(one.attempts()).toEqual([1, 3]);
    const next = join("next");
    dispatcher.drain(one.consumer);
    dispatcher.offer([entry("b", 0)]);
    expect(next.attempts()).toEqual([1]);
    dispatcher.leave(one.consumer, "crashed");
    time.nowMs += 60_000;
    dispatcher.endPauses();
    expect(next.attempts()).toEqual([1]);
    dispatcher.settle(next.consumer, [{ delivery: 1, first: 0, count: 1, kind: "ack" }]);
    expect(next.attempts()).toEqual([1, 4]);
  });

  it("is gone with its entry when another instance has taken that over, and its consumer is there for all again", () => {
    const { dispatcher, join, ack } = setUp();
    const { consumer, attempts } = join("one");
    dispatcher.offer([entry("a", 0), ordered("suspect", { times: 2, crashes: 2 })]);
    dispatcher.lose("suspect");
    ack(consumer, 1);
    dispatcher.offer([entry("b", 0)]);
    expect(attempts()).toEqual([1, 1]);
  });
});
