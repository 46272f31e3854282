import { startRedisCluster } from "@chappe/testing";
import type { CaseOptions } from "../case-options.ts";
import { type MeasuredServers, settingsFor, usedMemoryOf } from "./measured-redis.ts";
import { parseRedisInfo, type RedisCounters, sumOfCounters } from "./redis-counters.ts";

/** Starts a Redis Cluster without replicas, all of whose nodes are counted together. */
export async function startMeasuredCluster(
  aof: CaseOptions["aof"],
  aofRewrites: boolean,
  masters: number,
): Promise<MeasuredServers> {
  const cluster = await startRedisCluster({ masters, redis: settingsFor(aof, aofRewrites) });
  const { drivers } = cluster;
  const counters = async (): Promise<RedisCounters> =>
    sumOfCounters(await Promise.all(drivers.map(async (driver) => parseRedisInfo(await driver.info("everything")))));
  return {
    url: cluster.url,
    pids: cluster.nodes.flatMap(({ pid }) => pid ?? []),
    counters,
    usedMemoryBytes: async () => (await Promise.all(drivers.map(usedMemoryOf))).reduce((sum, bytes) => sum + bytes, 0),
    [Symbol.asyncDispose]: () => cluster.stop(),
  };
}
