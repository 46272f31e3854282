import { type RedisFixture, startRedis } from "@chappe/testing";
import { Redis } from "ioredis";
import type { CaseOptions } from "../case-options.ts";
import { parseRedisInfo, type RedisCounters } from "./redis-counters.ts";

/** A Redis for one case, with its counters. */
export interface MeasuredRedis extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  counters(): Promise<RedisCounters>;
  /** What Redis has allocated: data, and all that goes with it. */
  usedMemoryBytes(): Promise<number>;
}

/**
 * Starts a Redis over TCP, as most people run it.
 *
 * @param aofRewrites whether it writes its append-only file anew when that has grown, as it does by default. In the middle
 * of a short case, that would be measured by some runs and not by others.
 * @throws Error when REDIS_URL names another: what it costs, and what others ask of it, could not be told apart
 */
export async function startMeasuredRedis(aof: CaseOptions["aof"], aofRewrites = false): Promise<MeasuredRedis> {
  const redis: RedisFixture = await startRedis({
    appendonly: aof === "off" ? "no" : aof,
    tcp: true,
    settings: aofRewrites ? {} : { "auto-aof-rewrite-percentage": "0" },
  });
  const { url, port, pid, external } = redis;
  if (external || port === undefined || pid === undefined) {
    throw new Error("the benchmarks start a Redis of their own: unset REDIS_URL");
  }
  const client = new Redis(url);
  return {
    url,
    port,
    pid,
    usedMemoryBytes: async () => Number(/^used_memory:(\d+)/m.exec(await client.info("memory"))?.[1]),
    counters: async () => parseRedisInfo(await client.info("everything")),
    async [Symbol.asyncDispose]() {
      client.disconnect();
      await redis.stop();
    },
  };
}
