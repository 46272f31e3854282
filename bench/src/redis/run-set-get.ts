import type { CaseOptions } from "../case-options.ts";
import type { CaseResult } from "../result-schema.ts";
import { startMeasuredRedis } from "./measured-redis.ts";
import { type RedisBenchmarkRun, redisLoad, runRedisBenchmark } from "./run-redis-benchmark.ts";

/** Few enough to bound memory, and enough that no value is the one that was used last. */
const KEYS = 64;

/**
 * What it takes Redis to get bodies in and out again: a SET and a GET for each message, half the time each. One thread
 * serves both, so what can be set and got in a second is what remains when each message needs the time of the two.
 *
 * @throws Error when there is no redis-benchmark, with where it was looked for
 */
export async function runSetGet(name: string, options: CaseOptions): Promise<CaseResult> {
  const { aof, bodyBytes, seconds } = options;
  await using redis = await startMeasuredRedis(aof);
  const test = (command: string) => {
    const values = ["-d", String(bodyBytes), "-r", String(KEYS), "-t", command];
    return runRedisBenchmark(redis, values, { ...options, seconds: seconds / 2 });
  };
  const set = await test("set");
  const get = await test("get");
  const forBoth = (of: (run: RedisBenchmarkRun) => number) => of(set) / set.requests + of(get) / get.requests;
  const cpuMicros = forBoth((run) => run.cpuMicros);
  const per100k = (of: (run: RedisBenchmarkRun) => number) => Math.round(forBoth(of) * 100_000);
  return {
    name,
    messagesPerSecond: 1 / (1 / set.requestsPerSecond + 1 / get.requestsPerSecond),
    cpuMicrosPerMessage: cpuMicros,
    cpuMicrosPerMessageByProcess: { redis: cpuMicros },
    // Percentiles of the two do not add up.
    latencyMicros: null,
    generatorLatenessMicros: null,
    lost: 0,
    duplicates: 0,
    outOfOrder: 0,
    counters: { redisCommands: per100k((run) => run.commands), redisAofBytes: per100k((run) => run.aofBytes) },
    measures: { setsPerSecond: set.requestsPerSecond, getsPerSecond: get.requestsPerSecond },
    options: { bodyBytes, aof, seconds, keys: KEYS, ...redisLoad(options) },
  };
}
