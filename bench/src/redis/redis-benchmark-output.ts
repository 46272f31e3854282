import type { Percentiles } from "../result-schema.ts";

/** What redis-benchmark found. */
export interface RedisBenchmarkOutput {
  readonly requestsPerSecond: number;
  /** It has no 99.9th percentile; the maximum stands for it. */
  readonly latencyMicros: Percentiles;
}

/**
 * Reads the two lines of `redis-benchmark --csv`, of Redis 7 or Valkey.
 *
 * @throws Error with the text when it is something else
 */
export function parseRedisBenchmark(csv: string): RedisBenchmarkOutput {
  const [names = [], values = []] = csv
    .trim()
    .split("\n")
    .slice(-2)
    .map((line) => line.split('","').map((cell) => cell.replaceAll('"', "")));
  // The name of the test is the command itself, commas and quotes included; the figures stand behind it.
  const figure = (name: string) => Number(values.at(names.indexOf(name) - names.length));
  const micros = (name: string) => Math.round(figure(name) * 1_000);
  const output = {
    requestsPerSecond: figure("rps"),
    latencyMicros: {
      p50: micros("p50_latency_ms"),
      p99: micros("p99_latency_ms"),
      p999: micros("max_latency_ms"),
      max: micros("max_latency_ms"),
    },
  };
  if (!names.includes("rps") || !(output.requestsPerSecond > 0)) throw new Error(`redis-benchmark said:\n${csv}`);
  return output;
}
