import type { CaseOptions } from "../case-options.ts";
import type { CaseResult } from "../result-schema.ts";
import { startMeasuredRedis } from "./measured-redis.ts";
import { redisLoad, runRedisBenchmark } from "./run-redis-benchmark.ts";

/**
 * The limit that Redis sets to everybody who stores each message by a command of its own: pipelined XADDs of the same
 * bytes.
 *
 * @throws Error when there is no redis-benchmark, with where it was looked for
 */
export async function runXadd(name: string, options: CaseOptions): Promise<CaseResult> {
  const { aof, bodyBytes, seconds } = options;
  await using redis = await startMeasuredRedis(aof);
  const xadd = await runRedisBenchmark(redis, ["XADD", "limit", "*", "body", "x".repeat(bodyBytes)], options);
  const cpuMicros = xadd.cpuMicros / xadd.requests;
  const per100k = (count: number) => Math.round((count / xadd.requests) * 100_000);
  return {
    name,
    messagesPerSecond: Math.round(xadd.requestsPerSecond),
    cpuMicrosPerMessage: cpuMicros,
    cpuMicrosPerMessageByProcess: { redis: cpuMicros },
    latencyMicros: xadd.latencyMicros,
    generatorLatenessMicros: null,
    lost: 0,
    duplicates: 0,
    outOfOrder: 0,
    counters: { redisCommands: per100k(xadd.commands), redisAofBytes: per100k(xadd.aofBytes) },
    options: { bodyBytes, aof, seconds, ...redisLoad(options) },
  };
}
