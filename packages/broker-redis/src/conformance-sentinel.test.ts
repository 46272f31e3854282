import { type StartRedisOptions, startRedisSentinel } from "@chappe/testing";
import { describe } from "vitest";
import { describeRedisStore, type SharedServers } from "./fixtures/describe-redis-store.ts";

async function start(options: StartRedisOptions = {}): Promise<SharedServers> {
  const redis = await startRedisSentinel({ replicas: 1, sentinels: 1, redis: options });
  const primary = await redis.primary();
  return { url: redis.url, writable: [primary.url], stop: () => redis.stop() };
}

describe.skipIf(process.env["REDIS_URL"])("with sentinels", () => {
  describeRedisStore("the Redis store", {
    start,
    startDurable: () => start({ appendonly: "always" }),
    capacity: false,
  });
});
