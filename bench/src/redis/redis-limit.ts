import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { CaseOptions } from "../case-options.ts";
import { processUsageReader } from "../process/process-usage.ts";
import type { CaseResult } from "../result-schema.ts";
import { findRedisBenchmark } from "./find-redis-benchmark.ts";
import { startMeasuredRedis } from "./measured-redis.ts";
import { parseRedisBenchmark } from "./redis-benchmark-output.ts";
import { redisDelta } from "./redis-counters.ts";

const CLIENTS = 50;
const PIPELINE = 16;
/** A guess at how many it does, to find out how many make a run of the length asked for. */
const TRIAL_REQUESTS = 50_000;
const RUN_DEADLINE_MS = 120_000;

/**
 * The limit that Redis sets to everybody who stores each message by a command of its own: pipelined XADDs of the same
 * bytes, by Redis' own load generator.
 *
 * @throws Error when there is no redis-benchmark, with where it was looked for
 */
export async function runRedisLimit(name: string, options: CaseOptions): Promise<CaseResult> {
  const { aof, bodyBytes, seconds } = options;
  const program = await findRedisBenchmark();
  if (program === undefined) {
    throw new Error("no redis-benchmark or valkey-benchmark beside the server or on the PATH (Debian: redis-tools)");
  }
  await using redis = await startMeasuredRedis(aof);
  const run = async (requests: number) => {
    const load = ["-n", String(requests), "-c", String(CLIENTS), "-P", String(PIPELINE)];
    const command = ["XADD", "limit", "*", "body", "x".repeat(bodyBytes)];
    const { stdout } = await promisify(execFile)(
      program.path,
      ["-h", "127.0.0.1", "-p", String(redis.port), ...load, "--csv", ...command],
      { env: { ...process.env, ...program.env }, timeout: RUN_DEADLINE_MS, maxBuffer: 64 * 1_048_576 },
    );
    return parseRedisBenchmark(stdout);
  };
  const trial = await run(Math.min(TRIAL_REQUESTS, Math.ceil(TRIAL_REQUESTS * (1_000 / Math.max(1_000, bodyBytes)))));

  const usageOf = processUsageReader();
  const requests = Math.max(1, Math.round(trial.requestsPerSecond * seconds));
  const before = { cpuMicros: usageOf(redis.pid).cpuMicros, counters: await redis.counters() };
  const { requestsPerSecond, latencyMicros } = await run(requests);
  const cpuMicros = (usageOf(redis.pid).cpuMicros - before.cpuMicros) / requests;
  const { commands, aofBytes } = redisDelta(before.counters, await redis.counters());
  const per100k = (count: number) => Math.round((count / requests) * 100_000);
  return {
    name,
    messagesPerSecond: Math.round(requestsPerSecond),
    // The server's alone: a generator in C is not what it would cost anybody to send.
    cpuMicrosPerMessage: cpuMicros,
    cpuMicrosPerMessageByProcess: { redis: cpuMicros },
    latencyMicros,
    generatorLatenessMicros: null,
    lost: 0,
    duplicates: 0,
    outOfOrder: 0,
    counters: { redisCommands: per100k(commands), redisAofBytes: per100k(aofBytes) },
    options: { bodyBytes, aof, seconds, clients: CLIENTS, pipeline: PIPELINE },
  };
}
