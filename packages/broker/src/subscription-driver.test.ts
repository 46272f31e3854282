import { BatchBuilder, ChappeError } from "@chappe/message";
import { waitFor } from "@chappe/testing";
import { describe, expect, it } from "vitest";
import { batch, brokerOnFaults, collect, PLENTY, subscribe } from "./fixtures/broker-on-faults.ts";
import type { Entry } from "./store.ts";

/** A broker that hears of a move while it claims from so many batches, and what it has asked of its store since. */
async function moveWhileClaiming(batches: number) {
  const { broker, inner, faults, clock } = brokerOnFaults();
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

describe("a subscription's driver", () => {
  it("looks round before it claims again what a claim without an answer may have claimed", async () => {
    const { broker, inner, faults } = brokerOnFaults();
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
    const { broker, inner, faults, clock } = brokerOnFaults();
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

  it("settles again what the store could not be told", async () => {
    const { broker, inner, faults, clock } = brokerOnFaults();
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
    const { broker, inner, faults, clock } = brokerOnFaults();
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
    const { broker, inner, faults, clock } = brokerOnFaults();
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
    const { broker, inner, faults, clock } = brokerOnFaults();
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

  it("hands out what is new between messages of which any may be what crashed their consumers", async () => {
    const { broker, clock } = brokerOnFaults();
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
    const { broker, inner, clock } = brokerOnFaults();
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
});
