import { z } from "zod";
import type { Percentiles } from "../../result-schema.ts";

/** The metric in which every script counts the messages that were answered as stored. */
const STORED = "messages_stored";

/** What `--summary-export` writes of a metric. Times are milliseconds. */
const metric = z.record(z.string(), z.unknown());
const counter = z.object({ count: z.int().nonnegative(), rate: z.number().nonnegative() });
const milliseconds = z.number().nonnegative();
const trend = z.object({ med: milliseconds, "p(99)": milliseconds, "p(99.9)": milliseconds, max: milliseconds });
const summary = z.object({ metrics: z.record(z.string(), metric) });

/** The statistics that k6 must be asked for. */
export const K6_TREND_STATS = "med,p(95),p(99),p(99.9),max,count";

/** What k6 found. */
export interface K6Summary {
  /** Messages that were answered as stored. */
  readonly stored: number;
  readonly storedPerSecond: number;
  readonly latencyMicros: Percentiles | null;
}

/**
 * Reads what `k6 run --summary-export` writes.
 *
 * @param latencyMetric the metric that tells how long it took to store a message, or a batch
 * @throws Error with what is wrong when it is something else
 */
export function parseK6Summary(json: string, latencyMetric: string): K6Summary {
  const { metrics } = summary.parse(JSON.parse(json));
  const { count = 0, rate = 0 } = metrics[STORED] === undefined ? {} : counter.parse(metrics[STORED]);
  return {
    stored: count,
    storedPerSecond: rate,
    latencyMicros: count === 0 ? null : percentiles(trend.parse(metrics[latencyMetric])),
  };
}

function percentiles(values: z.infer<typeof trend>): Percentiles {
  const micros = (value: number) => Math.round(value * 1_000);
  return {
    p50: micros(values.med),
    p99: micros(values["p(99)"]),
    p999: micros(values["p(99.9)"]),
    max: micros(values.max),
  };
}
