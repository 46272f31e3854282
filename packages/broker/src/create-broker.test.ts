import { BatchBuilder, ChappeError, decodeBatchHeader, readMessages } from "@chappe/message";
import { ManualClock, waitFor } from "@chappe/testing";
import { describe, expect, it } from "vitest";
import type { Broker, Subscription } from "./broker.ts";
import { createBroker } from "./create-broker.ts";
import { createMemoryBackend } from "./memory/memory-backend.ts";
import type { Entry, Store } from "./store.ts";

const PLENTY = { messages: 1_000, bytes: 1_000_000 };

/** A broker on the in-memory store, through which a test can reach in: what `faults` holds replaces the store's own. */
function setUp() {
  const clock = new ManualClock();
  const inner = createMemoryBackend({ clock }).connect();
  const faults: Partial<Store> = {};
  const store = new Proxy(inner, {
    get(_, method: keyof Store) {
      const member = faults[method] ?? inner[method];
      return typeof member === "function" ? member.bind(inner) : member;
    },
  });
  const broker = createBroker({ store, clock, random: () => 0 });
  return { clock, inner, faults, broker };
}

function batch(...bodies: string[]) {
  const builder = new BatchBuilder({ sender: "sender-01", address: "receiver:receiver-01" });
  for (const body of bodies) builder.add({ body }, 0);
  return builder.finish(new Uint8Array(0), 0);
}

function subscribe(broker: Broker, leaseMs?: number): Promise<Subscription> {
  const options = { address: "receiver:receiver-01", subscription: "", consumer: "c1" };
  return broker.subscribe(leaseMs === undefined ? options : { ...options, leaseMs });
}

/** Collects what a subscription yields; settles each delivery with `kind`, if given. */
function collect(subscription: Subscription, kind?: "ack") {
  const seen = { texts: [] as string[], revoked: [] as number[], ended: false, error: undefined as unknown };
  const run = async () => {
    for await (const event of subscription) {
      if (event.kind === "revoked") seen.revoked.push(...event.deliveries);
      if (event.kind !== "delivery") continue;
      const { number, count, first, records, headerBytes } = event.delivery;
      const messages = readMessages({ header: decodeBatchHeader(headerBytes), records, first, count });
      seen.texts.push(...messages.map((message) => message.text()));
      if (kind !== undefined) subscription.settle([{ delivery: number, first: 0, count, kind }]);
    }
  };
  run().then(
    () => (seen.ended = true),
    (error: unknown) => (seen.error = error),
  );
  return seen;
}

/** A broker that hears of a move while it claims from so many batches, and what it has asked of its store since. */
async function moveWhileClaiming(batches: number) {
  const { broker, inner, faults, clock } = setUp();
  const calls: string[] = [];
  const claiming = Promise.withResolvers<void>();
  faults.claim = async (name, limit) => {
    const entries = await inner.claim(name, limit);
    if (entries.length > 0) calls.push("claim");
    await claiming.promise;
    return entries;
  };
  faults.sweep = async (name, limit) => {
    const sweep = await inner.sweep(name, limit);
    const moves = calls.length > 0 ? 1 : 0;
    if (moves > 0) calls.push("sweep");
    return { ...sweep, moves };
  };
  faults.settle = (name, settlements) => {
    calls.push(...new Set(settlements.map(({ action }) => action)));
    return inner.settle(name, settlements);
  };
  const subscription = await subscribe(broker);
  const seen = collect(subscription);
  for (let number = 1; number <= batches; number++) await broker.publish(batch(`${number}`));
  await clock.advance(10);
  subscription.grant(PLENTY);
  await waitFor(() => calls.length === 1);
  await clock.advance(1_100);
  claiming.resolve();
  return { broker, seen, calls };
}

describe("createBroker", () => {
  it("tells the bytes that go to the store and come from it", async () => {
    const told: number[] = [];
    const broker = createBroker({ store: createMemoryBackend().connect(), onBytes: (bytes) => told.push(bytes) });
    const subscription = await subscribe(broker);
    subscription.grant(PLENTY);
    const { headerBytes, records } = batch("a");
    const seen = collect(subscription, "ack");
    await broker.publish(batch("a"));
    await waitFor(() => seen.texts.length === 1);
    expect(told).toEqual([headerBytes.length + records.length, headerBytes.length + records.length]);
    await broker.close();
  });

  it("says of which subscription the consumers differ in singleActive", async () => {
    const { broker } = setUp();
    for (const [address, subscription, text] of [
      ["receiver:receiver-01", "", "receiver:receiver-01"],
      ["topic:orders", "billing", "topic:orders/billing"],
    ] as const) {
      const options = { address, subscription, consumer: "c1" };
      await broker.subscribe({ ...options, singleActive: true });
      await expect(broker.subscribe(options)).rejects.toMatchObject({
        code: "FAILED_PRECONDITION",
        message: `singleActive false: the consumers of ${text} have true; all must have the same`,
      });
    }
    await broker.close();
  });

  it("delivers what is published and forgets it when it is acked", async () => {
    const { broker, inner } = setUp();
    const subscription = await subscribe(broker);
    const seen = collect(subscription, "ack");
    subscription.grant(PLENTY);
    expect(await broker.publish(batch("hello"))).toMatchObject({ durability: "accepted", duplicate: false });
    await waitFor(() => seen.texts.length === 1);
    await waitFor(async () => (await inner.inspect("receiver:receiver-01"))?.subscriptions[0]?.depth === 0);
    await broker.close();
    expect(seen.ended).toBe(true);
  });

  it("lets nobody in who comes while it closes", async () => {
    const { broker, inner, faults, clock } = setUp();
    const opening = Promise.withResolvers<void>();
    faults.open = (name, startFrom) => opening.promise.then(() => inner.open(name, startFrom));
    const early = subscribe(broker);
    const closed = broker.close();
    opening.resolve();
    await expect(early).rejects.toMatchObject({ code: "UNAVAILABLE", message: "the broker is closing" });
    await closed;
    expect(clock.pendingTimers).toBe(0);
  });

  it("lets nobody in whose subscription was opened as it began to close", async () => {
    const { broker, inner, faults } = setUp();
    const closed = Promise.withResolvers<void>();
    faults.open = async (name, startFrom) => {
      const opened = await inner.open(name, startFrom);
      // Runs when the driver is there, and who asked for it has not gone on.
      queueMicrotask(() => queueMicrotask(() => void broker.close().then(closed.resolve, closed.reject)));
      return opened;
    };
    await expect(subscribe(broker)).rejects.toMatchObject({ code: "UNAVAILABLE", message: "the broker is closing" });
    await closed.promise;
  });

  it("looks round before it claims again what a claim without an answer may have claimed", async () => {
    const { broker, inner, faults } = setUp();
    const calls: string[] = [];
    faults.claim = (name, limit) => {
      calls.push("claim");
      return calls.length === 1 ? Promise.reject(new ChappeError("UNAVAILABLE", "gone")) : inner.claim(name, limit);
    };
    const subscription = await subscribe(broker);
    subscription.grant(PLENTY);
    await waitFor(() => calls.length === 1);
    faults.sweep = (name, limit) => {
      calls.push("sweep");
      return inner.sweep(name, limit);
    };
    subscription.grant(PLENTY);
    await waitFor(() => calls.includes("claim", 1));
    expect(calls).toEqual(["claim", "sweep", "claim"]);
    await broker.close();
  });

  it("hands out nothing that it claimed while it lost the right to read alone", async () => {
    const { broker, inner, faults, clock } = setUp();
    await broker.publish(batch("hello"));
    const answered = Promise.withResolvers<void>();
    let claims = 0;
    faults.claim = async (name, limit) => {
      claims++;
      const entries = await inner.claim(name, limit);
      await answered.promise;
      return entries;
    };
    const options = { address: "receiver:receiver-01", subscription: "", consumer: "c1", singleActive: true };
    const subscription = await broker.subscribe(options);
    const seen = collect(subscription);
    subscription.grant(PLENTY);
    await waitFor(() => claims === 1);
    faults.reserve = () => Promise.resolve(false);
    await clock.advance(1_000);
    answered.resolve();
    const waiting = async () => (await inner.administration.peek(options, 10)).map(({ state }) => state);
    await waitFor(async () => (await waiting()).includes("waiting"));
    expect(seen.texts).toEqual([]);
    await broker.close();
  });

  it("leaves no timer when a consumer settles after it has closed its subscription", async () => {
    const { broker, clock } = setUp();
    const subscription = await subscribe(broker);
    await subscription.close();
    expect(subscription.settle([{ delivery: 1, first: 0, count: 1, kind: "ack" }])).toHaveLength(1);
    expect(clock.pendingTimers).toBe(0);
    await broker.close();
  });

  it("appends what is published in one turn with one call of the store", async () => {
    const { broker, inner, faults } = setUp();
    const sizes: number[] = [];
    faults.append = (batches, durability) => {
      sizes.push(batches.length);
      return inner.append(batches, durability);
    };
    await Promise.all([broker.publish(batch("1")), broker.publish(batch("2")), broker.publish(batch("3"))]);
    expect(sizes).toEqual([3]);
    await broker.close();
  });

  it("settles again what the store could not be told", async () => {
    const { broker, inner, faults, clock } = setUp();
    let refusals = 3;
    faults.settle = (name, settlements) =>
      refusals-- > 0 ? Promise.reject(new ChappeError("UNAVAILABLE", "gone")) : inner.settle(name, settlements);
    const subscription = await subscribe(broker);
    const seen = collect(subscription, "ack");
    subscription.grant(PLENTY);
    await broker.publish(batch("hello"));
    await waitFor(() => seen.texts.length === 1);
    await clock.advance(2_000);
    expect((await inner.inspect("receiver:receiver-01"))?.subscriptions[0]?.depth).toBe(0);
    expect(seen.texts).toEqual(["hello"]);
    await broker.close();
  });

  it("delivers what it owns without knowing, because a claim's answer was lost on its way", async () => {
    const { broker, inner, faults, clock } = setUp();
    const lost: Entry[] = [];
    faults.claim = async (name, limit) => {
      delete faults.claim;
      lost.push(...(await inner.claim(name, limit)));
      throw new ChappeError("UNAVAILABLE", "connection lost");
    };
    faults.sweep = async (name, limit) => {
      const sweep = await inner.sweep(name, limit);
      return { ...sweep, entries: [...lost, ...sweep.entries] };
    };
    await broker.publish(batch("hello"));
    const subscription = await subscribe(broker);
    const seen = collect(subscription);
    subscription.grant(PLENTY);
    await clock.advance(3_000);
    // The sweep answers it each time: what is here already is passed over.
    expect(seen.texts).toEqual(["hello"]);
    await broker.close({ deadlineMs: 0 });
  });

  it("hands out nothing again that a look-round answers as owned, and that was settled while it was under way", async () => {
    const { broker, inner, faults, clock } = setUp();
    const claimed: Entry[] = [];
    faults.claim = async (name, limit) => {
      const entries = await inner.claim(name, limit);
      claimed.push(...entries);
      return entries;
    };
    const subscription = await subscribe(broker);
    const seen = collect(subscription);
    subscription.grant(PLENTY);
    await broker.publish(batch("hello"));
    await waitFor(() => seen.texts.length === 1);
    const looking = Promise.withResolvers<void>();
    faults.sweep = async (name, limit) => {
      await looking.promise;
      return { ...(await inner.sweep(name, limit)), entries: claimed };
    };
    await clock.advance(1_100);
    subscription.settle([{ delivery: 1, first: 0, count: 1, kind: "ack" }]);
    await waitFor(async () => (await inner.inspect("receiver:receiver-01"))?.subscriptions[0]?.depth === 0);
    looking.resolve();
    await clock.advance(10);
    expect(seen.texts).toEqual(["hello"]);
    await broker.close();
  });

  it("gives up what a claim brings that was asked for before a look-round told of a move, and looks again first", async () => {
    const { broker, seen, calls } = await moveWhileClaiming(1);
    await waitFor(() => seen.texts.length === 2);
    expect(calls.slice(0, 4)).toEqual(["claim", "sweep", "return", "sweep"]);
    expect(seen.revoked).toEqual([1]);
    await broker.close({ deadlineMs: 0 });
  });

  it("claims nothing more after a move before it has looked again, however much there is", async () => {
    const { broker, seen, calls } = await moveWhileClaiming(100);
    await waitFor(() => new Set(seen.texts).size === 100);
    expect(calls.slice(0, 4)).toEqual(["claim", "sweep", "return", "sweep"]);
    await broker.close({ deadlineMs: 0 });
  });

  it("goes on delivering when every wake-up is lost", async () => {
    const { broker, inner, faults, clock } = setUp();
    faults.watch = () => () => {};
    const subscription = await subscribe(broker);
    const seen = collect(subscription, "ack");
    subscription.grant(PLENTY);
    await clock.advance(10);
    await inner.append([batch("from elsewhere")], "accepted");
    await clock.advance(1_100);
    expect(seen.texts).toEqual(["from elsewhere"]);
    await broker.close();
  });

  it("takes a consumer that is silent beyond its lease for crashed, and says so", async () => {
    const { broker, inner, clock } = setUp();
    const subscription = await subscribe(broker, 30_000);
    const seen = collect(subscription);
    subscription.grant(PLENTY);
    await broker.publish(batch("hello"));
    await clock.advance(29_000);
    subscription.renew();
    await clock.advance(29_000);
    expect(seen.error).toBeUndefined();
    await clock.advance(3_000);
    expect(seen.error).toMatchObject({ code: "ABORTED" });
    expect((await inner.inspect("receiver:receiver-01"))?.subscriptions[0]).toMatchObject({ depth: 1, retried: 1 });
    await broker.close();
  });

  it("hands out what is new between messages of which any may be what crashed their consumers", async () => {
    const { broker, clock } = setUp();
    for (const body of ["s1", "s2", "s3"]) await broker.publish(batch(body));
    for (let crashes = 0; crashes < 2; crashes++) {
      const crashing = await subscribe(broker);
      const held = collect(crashing);
      crashing.grant(PLENTY);
      await waitFor(() => held.texts.length === 3);
      crashing.crash();
      await clock.advance(2_000);
    }
    const subscription = await subscribe(broker);
    const seen = collect(subscription);
    subscription.grant(PLENTY);
    await waitFor(() => seen.texts.length === 1);
    await broker.publish(batch("new"));
    for (let number = 1; number < 4; number++) {
      subscription.settle([{ delivery: number, first: 0, count: 1, kind: "ack" }]);
      subscription.grant(PLENTY);
      await waitFor(() => seen.texts.length === number + 1);
    }
    expect(seen.texts[1]).toBe("new");
    await broker.close({ deadlineMs: 0 });
  });

  it("tells the store soon of what is found to be past its time when a consumer drains", async () => {
    const { broker, inner, clock } = setUp();
    const builder = new BatchBuilder({ sender: "sender-01", address: "receiver:receiver-01", ttlMs: 500 });
    for (const body of ["1", "2"]) builder.add({ body, ttlMs: 500 }, clock.now());
    await broker.publish(builder.finish(new Uint8Array(0), 0));
    const subscription = await subscribe(broker);
    const seen = collect(subscription);
    subscription.grant({ messages: 1, bytes: 1_000 });
    await waitFor(() => seen.texts.length === 1);
    // No look-round finds it before.
    await clock.advance(600);
    subscription.drain();
    await clock.advance(1_000);
    const name = { address: "receiver:receiver-01", subscription: "" };
    await waitFor(async () => (await inner.deadLetters(name, 10)).length === 1);
    await broker.close({ deadlineMs: 0 });
  });

  it("lets another instance have what the last consumer left, before a new one of its own joins", async () => {
    const { broker, inner } = setUp();
    await broker.publish(batch("1", "2"));
    const first = await subscribe(broker);
    const seenByFirst = collect(first);
    first.grant(PLENTY);
    await waitFor(() => seenByFirst.texts.length === 2);
    const leaving = first.close();
    const second = await subscribe(broker);
    await leaving;
    const seen = collect(second, "ack");
    second.grant(PLENTY);
    await waitFor(() => seen.texts.length === 2);
    expect(seen.texts).toEqual(["1", "2"]);
    await waitFor(async () => (await inner.inspect("receiver:receiver-01"))?.subscriptions[0]?.depth === 0);
    await broker.close();
  });

  it("refuses a delivery time where the store keeps no delayed messages, rather than ignoring it", async () => {
    const { broker, faults } = setUp();
    Object.assign(faults, { cancel: "none" });
    const plain = batch("x");
    const published = broker.publish({ ...plain, header: { ...plain.header, deliverAtMs: 5 } });
    await expect(published).rejects.toMatchObject({ code: "UNIMPLEMENTED", message: /deliver_at_unix_ms 5/ });
    const cancelled = broker.cancel("receiver:receiver-01", "sender-01", "x");
    await expect(cancelled).rejects.toMatchObject({ code: "UNIMPLEMENTED" });
    await broker.close();
  });

  it("hands out a delayed message at its time, not at the next look-round after it", async () => {
    const { broker, clock } = setUp();
    const subscription = await subscribe(broker);
    subscription.grant(PLENTY);
    const seen = collect(subscription, "ack");
    await clock.advance(10);
    const builder = new BatchBuilder({
      sender: "sender-01",
      address: "receiver:receiver-01",
      deliverAtMs: clock.now() + 50,
    });
    builder.add({ body: "soon", deliverAt: clock.now() + 50 }, clock.now());
    await broker.publish(builder.finish(new Uint8Array(0), 0));
    await clock.advance(49);
    expect(seen.texts).toEqual([]);
    await clock.advance(1);
    expect(seen.texts).toEqual(["soon"]);
    await broker.close();
  });

  it("takes back only what is named within the grammar", async () => {
    const { broker } = setUp();
    for (const [address, sender, id] of [
      ["queue:x", "s", "x"],
      ["topic:t", "a b", "x"],
      ["topic:t", "s", ""],
    ] as const) {
      await expect(broker.cancel(address, sender, id)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    }
    await broker.close();
  });

  it.each([
    [{ sweepMs: Number.NaN }, "sweepMs NaN"],
    [{ sweepMs: 0 }, "sweepMs 0"],
    [{ retryPolicy: { maxAttempts: 0, minDelayMs: 0, maxDelayMs: 0 } }, "retryPolicy.maxAttempts 0"],
    [{ retryPolicy: { maxAttempts: 65_536, minDelayMs: 0, maxDelayMs: 0 } }, "must be a whole number from 1 to 65535"],
    [{ retryPolicy: { maxAttempts: 5, minDelayMs: -1, maxDelayMs: 0 } }, "retryPolicy.minDelayMs -1"],
    [{ retryPolicy: { maxAttempts: 5, minDelayMs: 2, maxDelayMs: 1 } }, "at least minDelayMs, 2"],
  ])("refuses %o, and says what is allowed", (options, problem) => {
    const store = createMemoryBackend().connect();
    expect(() => createBroker({ store, ...options })).toThrow(problem);
  });

  it("refuses a word for what becomes of expired messages that it does not know", () => {
    const store = createMemoryBackend().connect();
    expect(() => createBroker({ store, expired: "keep" as "drop" })).toThrow(
      /expired "keep": allowed are "dead-letter"/,
    );
  });

  it("refuses names outside the grammar, and a name for a receiver's only subscription", async () => {
    const { broker } = setUp();
    const subscribeTo = (address: string, subscription: string, consumer = "c") =>
      broker.subscribe({ address, subscription, consumer });
    for (const promise of [
      subscribeTo("queue:x", ""),
      subscribeTo("topic:a b", "s"),
      subscribeTo("topic:a", ""),
      subscribeTo("receiver:a", "s"),
      subscribeTo("receiver:a", "", "no spaces"),
    ]) {
      await expect(promise).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    }
    await broker.close();
  });

  it("waits at close until the store has heard of the last outcomes, also of those who left before", async () => {
    const { broker, inner, faults } = setUp();
    const heard = Promise.withResolvers<void>();
    const steps: string[] = [];
    faults.settle = async (name, settlements) => {
      await heard.promise;
      steps.push("settled");
      return inner.settle(name, settlements);
    };
    faults.close = async () => {
      steps.push("closed");
      await inner.close();
    };
    const subscription = await subscribe(broker);
    const seen = collect(subscription, "ack");
    subscription.grant(PLENTY);
    await broker.publish(batch("1"));
    await waitFor(() => seen.texts.length === 1);
    const left = subscription.close();
    const closed = broker.close();
    await new Promise((resolve) => setImmediate(resolve));
    heard.resolve();
    await Promise.all([left, closed]);
    expect(steps).toEqual(["settled", "closed"]);
  });

  it("waits at close for what is held, then gives back the rest and leaves no timer", async () => {
    const { broker, inner, clock } = setUp();
    const subscription = await subscribe(broker);
    const seen = collect(subscription);
    subscription.grant(PLENTY);
    await broker.publish(batch("1", "2"));
    await waitFor(() => seen.texts.length === 2);
    const closed = broker.close({ deadlineMs: 5_000 });
    await clock.advance(1_000);
    subscription.settle([{ delivery: 1, first: 0, count: 1, kind: "ack" }]);
    expect(seen.ended).toBe(false);
    await clock.advance(5_000);
    await closed;
    expect(seen.ended).toBe(true);
    expect(clock.pendingTimers).toBe(0);
    await expect(broker.publish(batch("3"))).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await expect(subscribe(broker)).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await expect(inner.ping()).rejects.toBeInstanceOf(ChappeError);
  });
});
