import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { CaseOptions } from "../case-options.ts";
import { processUsageReader } from "../process/process-usage.ts";
import { findRedisBenchmark } from "./find-redis-benchmark.ts";
import type { MeasuredRedis } from "./measured-redis.ts";
import { parseRedisBenchmark, type RedisBenchmarkOutput } from "./redis-benchmark-output.ts";
import { redisDelta } from "./redis-counters.ts";

const CLIENTS = 50;
const PIPELINE = 16;
/** A guess at how many it does, to find out how many make a run of the length asked for. */
const TRIAL_REQUESTS = 50_000;
const RUN_DEADLINE_MS = 120_000;

/** What a run of redis-benchmark did to the server. */
export interface RedisBenchmarkRun extends RedisBenchmarkOutput {
  readonly requests: number;
  /** Of the server alone: a generator in C is not what it would cost anybody to send. */
  readonly cpuMicros: number;
  readonly commands: number;
  readonly aofBytes: number;
}

/** How much redis-benchmark keeps under way. */
export interface RedisLoad {
  readonly clients: number;
  /** Commands that each client sends at a time. */
  readonly pipeline: number;
}

/** Its usual load, or less where the case allows fewer at a time, as it does for large bodies. */
export function redisLoad({ concurrency }: Pick<CaseOptions, "concurrency">): RedisLoad {
  const clients = Math.min(CLIENTS, concurrency);
  return { clients, pipeline: Math.max(1, Math.min(PIPELINE, Math.floor(concurrency / clients))) };
}

/**
 * Lets Redis' own load generator send a command over and over, for about `seconds`.
 *
 * @param command its last arguments: the command, or which of its own tests
 * @throws Error when there is no redis-benchmark, with where it was looked for
 */
export async function runRedisBenchmark(
  redis: MeasuredRedis,
  command: readonly string[],
  options: Pick<CaseOptions, "bodyBytes" | "concurrency" | "seconds">,
): Promise<RedisBenchmarkRun> {
  const { bodyBytes, seconds } = options;
  const program = await findRedisBenchmark();
  if (program === undefined) {
    throw new Error("no redis-benchmark or valkey-benchmark beside the server or on the PATH (Debian: redis-tools)");
  }
  const { clients, pipeline } = redisLoad(options);
  const run = async (requests: number) => {
    const load = ["-n", String(requests), "-c", String(clients), "-P", String(pipeline)];
    const { stdout } = await promisify(execFile)(
      program.path,
      ["-h", "127.0.0.1", "-p", String(redis.port), ...load, "--csv", ...command],
      { env: { ...process.env, ...program.env }, timeout: RUN_DEADLINE_MS, maxBuffer: 64 * 1_048_576 },
    );
    return parseRedisBenchmark(stdout);
  };
  const trial = await run(Math.ceil(TRIAL_REQUESTS * (1_000 / Math.max(1_000, bodyBytes))));

  const usageOf = processUsageReader();
  const requests = Math.max(1, Math.round(trial.requestsPerSecond * seconds));
  const before = { cpuMicros: usageOf(redis.pid).cpuMicros, counters: await redis.counters() };
  const output = await run(requests);
  const cpuMicros = usageOf(redis.pid).cpuMicros - before.cpuMicros;
  const { commands, aofBytes } = redisDelta(before.counters, await redis.counters());
  return { ...output, requests, cpuMicros, commands, aofBytes };
}
