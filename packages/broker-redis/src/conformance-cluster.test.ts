import { startRedisCluster } from "@chappe/testing";
import { describe } from "vitest";
import { describeRedisStore } from "./fixtures/describe-redis-store.ts";

describe.skipIf(process.env["REDIS_URL"])("on a cluster", () => {
  describeRedisStore(
    "the Redis store",
    async () => {
      const cluster = await startRedisCluster({ masters: 3 });
      return { url: cluster.url, writable: cluster.nodes.map(({ url }) => url), stop: () => cluster.stop() };
    },
    { capacity: false, durability: false },
  );
});
