import { startRedisCluster } from "@chappe/testing";
import { describe } from "vitest";
import { describeRedisStore, type SharedServers } from "./fixtures/describe-redis-store.ts";

const MASTERS = 3;

async function start(options: Parameters<typeof startRedisCluster>[0] = {}): Promise<SharedServers> {
  const cluster = await startRedisCluster({ masters: MASTERS, ...options });
  const masters = cluster.nodes.slice(0, MASTERS);
  return { url: cluster.url, writable: masters.map(({ url }) => url), stop: () => cluster.stop() };
}

describe.skipIf(process.env["REDIS_URL"])("on a cluster", () => {
  describeRedisStore("the Redis store", {
    start,
    startDurable: () => start({ replicas: 1, redis: { appendonly: "always" } }),
    capacity: false,
  });
});
