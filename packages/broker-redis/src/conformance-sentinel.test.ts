import { startRedisSentinel } from "@chappe/testing";
import { describe } from "vitest";
import { describeRedisStore } from "./fixtures/describe-redis-store.ts";

describe.skipIf(process.env["REDIS_URL"])("with sentinels", () => {
  describeRedisStore(
    "the Redis store",
    async () => {
      const redis = await startRedisSentinel({ replicas: 1, sentinels: 1 });
      const primary = await redis.primary();
      return { url: redis.url, writable: [primary.url], stop: () => redis.stop() };
    },
    { capacity: false, durability: false },
  );
});
