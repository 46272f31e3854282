import { Link, type RedisSentinelFixture, redisNamespace, startRedisSentinel, waitFor } from "@chappe/testing";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { steadyLoad } from "./fixtures/steady-load.ts";
import { connected, QUEUE, take, TestProducer, textsOf } from "./fixtures/store-traffic.ts";
import { connectRedisStore } from "./redis-store.ts";
import type { RedisStoreEvent } from "./store-options.ts";

const WAIT = { deadlineMs: 20_000 };

describe.skipIf(process.env["REDIS_URL"])("a store on Redis with sentinels", () => {
  let redis: RedisSentinelFixture;
  beforeAll(async () => {
    // One that came back empty, and were made the primary again before it has copied anything, would take all with it.
    redis = await startRedisSentinel({ replicas: 1, redis: { appendonly: "everysec" } });
  }, 60_000);
  afterAll(() => redis.stop());

  async function store(keyPrefix: string, events: RedisStoreEvent[] = []) {
    const made = connectRedisStore({ url: redis.url, keyPrefix, onEvent: (event) => events.push(event) });
    onTestFinished(() => made.close());
    return connected(made);
  }

  it("goes on at the new primary after a failover, with what was stored and with wake-ups", async () => {
    const keyPrefix = redisNamespace();
    const [publishing, reading] = [await store(keyPrefix), await store(keyPrefix)];
    const producer = new TestProducer();
    let wakeUps = 0;
    onTestFinished(reading.watch(QUEUE.address, () => wakeUps++));
    await reading.open(QUEUE, "earliest");
    const before = producer.batch("before");
    // What the replica had not copied would be lost.
    await waitFor(async () => (await publishing.append([before], "replicated"))[0]?.ok, WAIT);
    await redis.failOver();
    const after = producer.batch("after");
    await waitFor(async () => (await publishing.append([after], "accepted"))[0]?.ok, WAIT);
    expect((await take(reading, QUEUE, 2)).flatMap(textsOf)).toEqual(["before", "after"]);
    // Subscribed again, at whichever server that now is.
    await waitFor(async () => {
      const seen = wakeUps;
      await publishing.append([producer.batch("again")], "accepted");
      await new Promise((resolve) => setImmediate(resolve));
      return wakeUps > seen;
    }, WAIT);
  }, 60_000);

  it("leaves a primary that became a replica behind its back", async () => {
    const keyPrefix = redisNamespace();
    const events: RedisStoreEvent[] = [];
    const publishing = await store(keyPrefix, events);
    const producer = new TestProducer();
    expect(await publishing.append([producer.batch("first")], "accepted")).toMatchObject([{ ok: true }]);
    const old = await redis.primary();
    const driver = new Redis(old.url);
    onTestFinished(() => driver.disconnect());
    // Without a word to its clients, as sentinels would give.
    await driver.call("REPLICAOF", "127.0.0.1", "1");
    const second = producer.batch("second");
    await expect(publishing.append([second], "accepted")).rejects.toMatchObject({ code: "UNAVAILABLE" });
    const left = (event: RedisStoreEvent) => event.kind === "disconnected" && /replica/.test(event.error.message);
    await waitFor(() => events.some(left), WAIT);
    await driver.call("REPLICAOF", "NO", "ONE");
    await waitFor(async () => (await publishing.append([second], "accepted"))[0]?.ok, WAIT);
  }, 60_000);

  it("goes on after the death of the primary, and refuses at once meanwhile", async () => {
    const keyPrefix = redisNamespace();
    const events: RedisStoreEvent[] = [];
    const publishing = await store(keyPrefix, events);
    const producer = new TestProducer();
    await publishing.append([producer.batch("before")], "accepted");
    const old = await redis.primary();
    await old.kill();
    await waitFor(() => events.some(({ kind }) => kind === "disconnected"), WAIT);
    await expect(publishing.ping()).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await redis.failedOver(old);
    await waitFor(() => publishing.ping().then(() => true), WAIT);
    // A new producer: what the last one stored may not have reached the replica.
    const next = new TestProducer();
    await waitFor(async () => (await publishing.append([next.batch("after")], "accepted"))[0]?.ok, WAIT);
    await old.restart();
  }, 60_000);

  it("answers replicated by the primary's own replica, and none that was answered dies with the primary", async () => {
    const keyPrefix = redisNamespace();
    const [publishing, reading] = [await store(keyPrefix), await store(keyPrefix)];
    await reading.open(QUEUE, "earliest");
    const load = steadyLoad(publishing, QUEUE.address, "replicated");
    await waitFor(() => load.stored.length > 20, WAIT);
    const old = await redis.primary();
    await old.kill();
    await redis.failedOver(old);
    // The new primary has no replica until the old one is back as that.
    await old.restart();
    const size = load.stored.length;
    await waitFor(() => load.stored.length > size + 20, WAIT);
    const stored = await load.stop();
    expect((await take(reading, QUEUE, stored.length)).flatMap(textsOf)).toEqual(stored);
  }, 60_000);

  it("flags what the new primary has and does not know to be handed out, and nothing that comes then", async () => {
    const [keyPrefix, producer] = [redisNamespace(), new TestProducer()];
    const events: RedisStoreEvent[] = [];
    const one = await store(keyPrefix, events);
    await one.open(QUEUE, "earliest");
    await one.sweep(QUEUE, 0);
    const before = producer.batch("before");
    await waitFor(async () => (await one.append([before], "replicated"))[0]?.ok, WAIT);
    const old = await redis.primary();
    const successor = redis.servers.find((server) => server !== old)!;
    const driver = new Redis(successor.url);
    onTestFinished(() => driver.disconnect());
    // It hears nothing more, and cannot come back to its primary.
    await driver.config("SET", "masteruser", "nobody", "masterauth", "wrong");
    await driver.call("CLIENT", "KILL", "TYPE", "master");
    expect(await one.claim(QUEUE, 10)).toMatchObject([{ attempt: 1, redelivered: false }]);
    await old.kill();
    await redis.failedOver(old);
    await driver.config("SET", "masteruser", "", "masterauth", "");
    await waitFor(() => one.ping().then(() => true), WAIT);
    await one.sweep(QUEUE, 0);
    const next = new TestProducer();
    await waitFor(async () => (await one.append([next.batch("after")], "accepted"))[0]?.ok, WAIT);
    const entries = await take(one, QUEUE, 2);
    expect(entries.flatMap(textsOf)).toEqual(["before", "after"]);
    expect(entries.map(({ attempt, redelivered }) => [attempt, redelivered])).toEqual([
      [1, true],
      [1, false],
    ]);
    await old.restart();
  }, 60_000);

  it("waits at a primary that replaced another in order, and asks there whether it can", async () => {
    const publishing = await store(redisNamespace());
    const producer = new TestProducer();
    const first = producer.batch("first");
    await waitFor(async () => (await publishing.append([first], "replicated"))[0]?.ok, WAIT);
    await redis.failOver();
    const second = producer.batch("second");
    await waitFor(async () => (await publishing.append([second], "replicated"))[0]?.ok, WAIT);
    const replicas = redis.servers.length;
    await expect(publishing.append([producer.batch("third")], `replicated(${replicas})`)).rejects.toThrow(
      /replicas are needed/,
    );
  }, 60_000);

  it("asks sentinels that others have named, when those of the url are away", async () => {
    const { port } = new URL(redis.url.split(",").at(-1)!.replace(/^/, "redis://"));
    await using link = await Link.start({ host: "127.0.0.1", port: Number(port) });
    const events: string[] = [];
    const url = `redis+sentinel://127.0.0.1:${link.port}/main`;
    const one = connectRedisStore({ url, instance: "knowing", onEvent: ({ kind }) => events.push(kind) });
    onTestFinished(() => one.close());
    await connected(one);
    link.harm({ refuses: true });
    const driver = new Redis((await redis.primary()).url);
    onTestFinished(() => driver.disconnect());
    await driver.call("CLIENT", "KILL", "TYPE", "normal");
    await waitFor(() => events.filter((kind) => kind === "connected").length === 2, WAIT);
  });

  it("says so when no sentinel answers", async () => {
    const events: RedisStoreEvent[] = [];
    const url = "redis+sentinel://127.0.0.1:1/main";
    const lonely = connectRedisStore({ url, onEvent: (event) => events.push(event) });
    onTestFinished(() => lonely.close());
    await waitFor(() => events.some(({ kind }) => kind === "disconnected"), WAIT);
    await expect(lonely.ping()).rejects.toThrow(
      'no sentinel names the primary "main": sentinel 127.0.0.1:1: Redis: connect ECONNREFUSED',
    );
  });
});
