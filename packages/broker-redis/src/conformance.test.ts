import { startRedis } from "@chappe/testing";
import { describeRedisStore } from "./fixtures/describe-redis-store.ts";

describeRedisStore(
  "the Redis store",
  async () => {
    const redis = await startRedis();
    return { url: redis.url, writable: [redis.url], stop: () => redis.stop() };
  },
  { capacity: true, durability: !process.env["REDIS_URL"] },
);
