import type { Entry, Retry } from "@chappe/broker";
import { BatchBuilder } from "@chappe/message";
import { waitFor } from "@chappe/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RedisStage } from "./fixtures/redis-stage.ts";
import { removal, take, TestProducer, textsOf } from "./fixtures/store-traffic.ts";
import { Keys } from "./keys.ts";

let stage: RedisStage;
let keys: Keys;
beforeAll(async () => {
  stage = await RedisStage.start();
  keys = new Keys(stage.keyPrefix);
});
afterAll(() => stage[Symbol.asyncDispose]());

/** A store that owns one entry of a new receiver. */
async function holding(receiver: string, ...texts: string[]) {
  const name = { address: `receiver:${receiver}`, subscription: "" };
  const store = await stage.connect();
  await store.open(name, "earliest");
  await store.append([new TestProducer(name.address).batch(...texts)], "accepted");
  const [entry] = await take(store, name, 1);
  return { name, store, entry: entry!, keys: keys.subscription(name) };
}

function retryOf({ headerBytes, records, count, first, attempt }: Entry, delayMs = 0): Retry {
  return { headerBytes, records, count, first, attempt: attempt + 1, crashes: 0, redriven: false, delayMs };
}

describe.skipIf(process.env["REDIS_URL"])("settle", () => {
  it("counts progress once, however often it is told", async () => {
    const { name, store, entry } = await holding("progress", "a", "b", "c");
    const noted = removal(entry, {
      action: "keep",
      settled: [{ from: 0, to: 2 }],
      ackedMessages: 1,
      retries: [{ ...retryOf(entry, 60_000), count: 1 }],
    });
    await store.settle(name, [noted, noted]);
    await store.settle(name, [noted]);
    expect(await store.inspect(name.address)).toMatchObject({ subscriptions: [{ depth: 2, acked: 1, retried: 1 }] });
  });

  it("lets go of an entry once, when it is named twice in one call", async () => {
    const { name, store, entry } = await holding("twice", "a");
    const settlement = removal(entry, { retries: [retryOf(entry)], ackedMessages: 0 });
    expect(await store.settle(name, [settlement, settlement])).toEqual([entry.ref]);
    expect(await store.inspect(name.address)).toMatchObject({ subscriptions: [{ depth: 1, retried: 1 }] });
  });

  it("leaves nothing of an entry behind, progress included, whoever noted it", async () => {
    const { name, store, entry, keys } = await holding("clean", "a", "b");
    const settled = [{ from: 0, to: 1 }];
    await store.settle(name, [removal(entry, { action: "return", settled, ackedMessages: 1 })]);
    const heir = await stage.connect();
    const [inherited] = await take(heir, name, 1);
    expect(inherited!.settled).toEqual(settled);
    await heir.settle(name, [removal(inherited!, { ackedMessages: 1 })]);
    expect(await stage.driver.exists(keys.progress, keys.waiting, keys.dead)).toBe(0);
    expect(await stage.driver.xlen(keys.stream)).toBe(0);
    expect(((await stage.driver.xpending(keys.stream, "receiver")) as [number])[0]).toBe(0);
    expect(await heir.inspect(name.address)).toMatchObject({ subscriptions: [{ depth: 0, acked: 2 }] });
  });

  it("retries two messages that are the same to the byte twice", async () => {
    const name = { address: "receiver:same", subscription: "" };
    const store = await stage.connect();
    await store.open(name, "earliest");
    const builder = new BatchBuilder({ sender: "sender-01", address: name.address });
    builder.add({ body: "again" }, 1_700_000_000_000);
    const batch = builder.finish(new Uint8Array(0), 0);
    await store.append([batch, batch], "accepted");
    const entries = await take(store, name, 2);
    await store.settle(
      name,
      entries.map((entry) => removal(entry, { retries: [retryOf(entry)], ackedMessages: 0 })),
    );
    expect((await take(store, name, 2)).flatMap(textsOf)).toEqual(["again", "again"]);
  });

  it("brings what was returned or retried at once with this instance's next claim", async () => {
    const { name, store, entry } = await holding("at-once", "a");
    await store.settle(name, [removal(entry, { action: "return", ackedMessages: 0 })]);
    const [returned] = await store.claim(name, 1);
    expect(returned).toMatchObject({ ref: entry.ref, redelivered: true });
    await store.settle(name, [removal(returned!, { retries: [retryOf(returned!)], ackedMessages: 0 })]);
    expect(await store.claim(name, 1)).toMatchObject([{ attempt: 2, redelivered: false }]);
  });

  it("takes more settlements in one call than Lua takes values", async () => {
    const name = { address: "receiver:many", subscription: "" };
    const store = await stage.connect();
    await store.open(name, "earliest");
    const producer = new TestProducer(name.address);
    await store.append(
      Array.from({ length: 1_500 }, (_, n) => producer.batch(String(n))),
      "accepted",
    );
    const entries = await store.claim(name, 1_500);
    const progress = entries.map((entry) => removal(entry, { action: "keep", settled: [{ from: 0, to: 1 }] }));
    expect(await store.settle(name, progress)).toEqual([]);
    expect(
      await store.settle(
        name,
        entries.map((entry) => removal(entry, { ackedMessages: 0 })),
      ),
    ).toEqual([]);
    expect(await store.inspect(name.address)).toMatchObject({ subscriptions: [{ depth: 0, acked: 1_500 }] });
  });
});

describe.skipIf(process.env["REDIS_URL"])("a Redis whose memory is used up", () => {
  it("still lets subscriptions be opened and messages be taken, retried, given up and settled", async () => {
    await using full = await RedisStage.start();
    const [store, heir] = [await full.connect(), await full.connect()];
    const name = { address: "receiver:full", subscription: "" };
    const producer = new TestProducer(name.address);
    await store.append([producer.batch("a"), producer.batch("b"), producer.batch("c")], "accepted");
    await full.driver.config("SET", "maxmemory", "1");
    await store.open(name, "earliest");
    const [a, b, c] = await take(store, name, 3);
    await store.settle(name, [
      removal(a!, { retries: [retryOf(a!, 30)], ackedMessages: 0 }),
      removal(b!, { deadLetters: [{ ...retryOf(b!), attempts: 1, reason: "bad" }], ackedMessages: 0 }),
    ]);
    await store.close();
    expect((await take(heir, name, 2)).map(({ ref }) => ref)).toContain(c!.ref);
    expect(await heir.deadLetters(name, 10)).toHaveLength(1);
    await waitFor(async () => (await heir.inspect(name.address))?.subscriptions[0]?.retried === 1);
  });
});
