import { setTimeout as delay } from "node:timers/promises";
import { systemClock } from "@chappe/broker";
import { describeStore } from "@chappe/broker/conformance";
import { type RedisFixture, redisNamespace, startRedis, waitFor } from "@chappe/testing";
import { Redis } from "ioredis";
import { afterAll } from "vitest";
import { MortalStores } from "./fixtures/mortal-stores.ts";
import { connectRedisStore } from "./redis-store.ts";

let shared: Promise<RedisFixture> | undefined;
afterAll(async () => (await shared)?.stop());

/** What connections and their buffers need besides, when a few stores are at work. */
const CONNECTIONS_BYTES = 100_000;

/** A Redis of one case's own that may use little more memory than it does with its scripts loaded. */
async function limitedRedis(maxBytes: number): Promise<RedisFixture> {
  // Its histograms, one for each command used, would take more than what is at stake.
  const redis = await startRedis({ settings: { "latency-tracking": "no" } });
  const driver = new Redis(redis.url);
  const store = connectRedisStore({ url: redis.url, keyPrefix: "warm-up" });
  await waitFor(() => store.open({ address: "receiver:anybody", subscription: "" }, "earliest"));
  const used = /used_memory:(\d+)/.exec(await driver.info("memory"))?.[1];
  // What publishing may fill of it.
  const limit = (Number(used) + maxBytes + CONNECTIONS_BYTES) / 0.95;
  await driver.config("SET", "maxmemory", String(Math.ceil(limit)));
  await store.close();
  await driver.quit();
  return redis;
}

/** A Redis of one case's own that gives every durability, and its replica. */
async function durableRedis(): Promise<{ redis: RedisFixture; replica: RedisFixture }> {
  const settings = { "repl-diskless-sync-delay": "0" };
  const redis = await startRedis({ appendonly: "always", tcp: true, settings });
  const replica = await startRedis({ replicaOf: redis });
  const driver = new Redis(redis.url);
  await waitFor(async () => (await driver.info("replication")).includes("state=online"));
  await driver.quit();
  return { redis, replica };
}

describeStore("the Redis store", {
  features: {
    inspection: true,
    scheduling: true,
    wipe: true,
    suspension: true,
    capacity: true,
    durability: !process.env["REDIS_URL"],
    queueLimits: true,
    retention: true,
    replay: true,
  },
  // They take real time here. The memory store plays hundreds.
  schedules: 1,
  async open({ deduplicationWindowMs, maxBytes, durable, queueLimits, retention }) {
    const durably = durable ? await durableRedis() : undefined;
    const own = durably?.redis ?? (maxBytes === undefined ? undefined : await limitedRedis(maxBytes));
    const redis = own ?? (await (shared ??= startRedis()));
    const driver = new Redis(redis.url);
    const keyPrefix = redisNamespace();
    const stores = new MortalStores(driver, redis.url, keyPrefix);
    return {
      clock: systemClock,
      connect: () =>
        stores.connect({
          deduplicationWindowMs,
          ...(queueLimits && { maxQueueMessages: queueLimits.maxMessages, maxQueueBytes: queueLimits.maxBytes }),
          ...(retention && {
            topicRetentionMs: retention.topicMs,
            topicRetentionBytes: retention.topicBytes,
            maxDeadLetters: retention.deadLetters,
          }),
        }),
      kill: (store) => stores.kill(store),
      suspend: (store) => stores.suspend(store),
      async wipe() {
        const keys = await driver.keys(`${keyPrefix}:{p*`);
        if (keys.length > 0) await driver.del(...keys);
        // Ids begin with the millisecond. A Redis that comes back empty has taken longer than that.
        await delay(2);
      },
      advance: async (ms) => {
        await delay(ms);
      },
      async [Symbol.asyncDispose]() {
        await stores.forget();
        await driver.quit();
        await own?.stop();
        await durably?.replica.stop();
      },
    };
  },
});
