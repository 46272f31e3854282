import { startRedis, waitFor } from "@chappe/testing";
import { Redis } from "ioredis";
import { describeRedisStore, type SharedServers } from "./fixtures/describe-redis-store.ts";

/** A Redis that gives every durability, and its replica. */
async function startDurable(): Promise<SharedServers> {
  const settings = { "repl-diskless-sync-delay": "0" };
  const redis = await startRedis({ appendonly: "always", tcp: true, settings });
  const replica = await startRedis({ replicaOf: redis });
  const driver = new Redis(redis.url);
  await waitFor(async () => (await driver.info("replication")).includes("state=online"));
  await driver.quit();
  return {
    url: redis.url,
    writable: [redis.url],
    stop: async () => void (await Promise.all([redis.stop(), replica.stop()])),
  };
}

describeRedisStore("the Redis store", {
  async start() {
    const redis = await startRedis();
    return { url: redis.url, writable: [redis.url], stop: () => redis.stop() };
  },
  startDurable: process.env["REDIS_URL"] ? undefined : startDurable,
  capacity: true,
});
