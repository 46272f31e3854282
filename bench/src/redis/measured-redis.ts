import { type RedisFixture, startRedis, type StartRedisOptions } from "@chappe/testing";
import { Redis } from "ioredis";
import type { CaseOptions } from "../case-options.ts";
import { parseRedisInfo, type RedisCounters } from "./redis-counters.ts";

/** What one case keeps its messages in, with its counters: a Redis, or all nodes of a cluster. */
export interface MeasuredServers extends AsyncDisposable {
  readonly url: string;
  readonly pids: readonly number[];
  counters(): Promise<RedisCounters>;
  /** What Redis has allocated: data, and all that goes with it. */
  usedMemoryBytes(): Promise<number>;
}

/** A Redis for one case. */
export interface MeasuredRedis extends MeasuredServers {
  readonly port: number;
  readonly pid: number;
}

/**
 * Starts a Redis over TCP, as most people run it.
 *
 * @param aofRewrites whether it writes its append-only file anew when that has grown, as it does by default. In the middle
 * of a short case, that would be measured by some runs and not by others.
 * @throws Error when REDIS_URL names another: what it costs, and what others ask of it, could not be told apart
 */
export async function startMeasuredRedis(aof: CaseOptions["aof"], aofRewrites = false): Promise<MeasuredRedis> {
  const redis: RedisFixture = await startRedis({ ...settingsFor(aof, aofRewrites), tcp: true });
  const { url, port, pid, external } = redis;
  if (external || port === undefined || pid === undefined) {
    throw new Error("the benchmarks start a Redis of their own: unset REDIS_URL");
  }
  const client = new Redis(url);
  return {
    url,
    port,
    pid,
    pids: [pid],
    usedMemoryBytes: () => usedMemoryOf(client),
    counters: async () => parseRedisInfo(await client.info("everything")),
    async [Symbol.asyncDispose]() {
      client.disconnect();
      await redis.stop();
    },
  };
}

/** How a Redis keeps its file while it is measured. */
export function settingsFor(aof: CaseOptions["aof"], aofRewrites = false): Omit<StartRedisOptions, "tcp"> {
  return {
    appendonly: aof === "off" ? "no" : aof,
    settings: aofRewrites ? {} : { "auto-aof-rewrite-percentage": "0" },
  };
}

/** What a Redis has allocated, bytes. */
export async function usedMemoryOf(client: Redis): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await client.info("memory"))?.[1]);
}
