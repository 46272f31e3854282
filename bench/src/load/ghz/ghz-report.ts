import { z } from "zod";
import { microsHistogram, percentilesOf, recordMicros } from "../../percentiles.ts";
import type { Percentiles } from "../../result-schema.ts";

/** What of `ghz --format json` is read. Times are nanoseconds. */
const ghzJson = z.object({
  count: z.int().nonnegative(),
  total: z.number().nonnegative(),
  statusCodeDistribution: z.record(z.string(), z.int().nonnegative()),
  errorDistribution: z.record(z.string(), z.int().nonnegative()),
  /** Of the first million calls. Null when there was none. */
  details: z.array(z.object({ latency: z.number().nonnegative(), status: z.string() })).nullable(),
});

/** What ghz found. */
export interface GhzReport {
  /** Calls that were answered with OK. */
  readonly answered: number;
  readonly failed: number;
  /** How the calls failed, and how often; undefined when none did. */
  readonly failures: string | undefined;
  readonly callsPerSecond: number;
  /** Of calls that were answered with OK; of the first million, when there are more. */
  readonly latencyMicros: Percentiles | null;
}

/** Reads what `ghz --format json` writes. @throws Error with what is wrong when it is something else */
export function parseGhzReport(json: string): GhzReport {
  const { count, total, statusCodeDistribution, errorDistribution, details } = ghzJson.parse(JSON.parse(json));
  const answered = statusCodeDistribution["OK"] ?? 0;
  const latency = microsHistogram();
  for (const call of details ?? []) if (call.status === "OK") recordMicros(latency, call.latency / 1_000);
  const failures = Object.entries(errorDistribution).map(([error, times]) => `${error} (${times} times)`);
  return {
    answered,
    failed: count - answered,
    failures: count === answered ? undefined : failures.join("; "),
    callsPerSecond: total === 0 ? 0 : answered / (total / 1_000_000_000),
    latencyMicros: percentilesOf(latency),
  };
}
