import { BatchBuilder, ChappeError } from "@chappe/message";
import { waitFor } from "@chappe/testing";
import { describe, expect, it } from "vitest";
import { createBroker } from "./create-broker.ts";
import { batch, brokerOnFaults, collect, PLENTY, subscribe } from "./fixtures/broker-on-faults.ts";
import { createMemoryBackend } from "./memory/memory-backend.ts";

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
    const { broker } = brokerOnFaults();
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
    const { broker, inner } = brokerOnFaults();
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
    const { broker, inner, faults, clock } = brokerOnFaults();
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
    const { broker, inner, faults } = brokerOnFaults();
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

  it("leaves no timer when a consumer settles after it has closed its subscription", async () => {
    const { broker, clock } = brokerOnFaults();
    const subscription = await subscribe(broker);
    await subscription.close();
    expect(subscription.settle([{ delivery: 1, first: 0, count: 1, kind: "ack" }])).toHaveLength(1);
    expect(clock.pendingTimers).toBe(0);
    await broker.close();
  });

  it("appends what is published in one turn with one call of the store", async () => {
    const { broker, inner, faults } = brokerOnFaults();
    const sizes: number[] = [];
    faults.append = (batches, durability) => {
      sizes.push(batches.length);
      return inner.append(batches, durability);
    };
    await Promise.all([broker.publish(batch("1")), broker.publish(batch("2")), broker.publish(batch("3"))]);
    expect(sizes).toEqual([3]);
    await broker.close();
  });

  it("takes a consumer that is silent beyond its lease for crashed, and says so", async () => {
    const { broker, inner, clock } = brokerOnFaults();
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

  it("lets another instance have what the last consumer left, before a new one of its own joins", async () => {
    const { broker, inner } = brokerOnFaults();
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
    const { broker, faults } = brokerOnFaults();
    Object.assign(faults, { cancel: "none" });
    const plain = batch("x");
    const published = broker.publish({ ...plain, header: { ...plain.header, deliverAtMs: 5 } });
    await expect(published).rejects.toMatchObject({ code: "UNIMPLEMENTED", message: /deliver_at_unix_ms 5/ });
    const cancelled = broker.cancel("receiver:receiver-01", "sender-01", "x");
    await expect(cancelled).rejects.toMatchObject({ code: "UNIMPLEMENTED" });
    await broker.close();
  });

  it("hands out a delayed message at its time, not at the next look-round after it", async () => {
    const { broker, clock } = brokerOnFaults();
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
    const { broker } = brokerOnFaults();
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
    const { broker } = brokerOnFaults();
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
    const { broker, inner, faults } = brokerOnFaults();
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
    const { broker, inner, clock } = brokerOnFaults();
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
