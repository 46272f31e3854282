import { build, type Histogram } from "hdr-histogram-js";
import type { Percentiles } from "./result-schema.ts";

/** Longest latency told apart, in microseconds: ten minutes. */
const HIGHEST_MICROS = 600_000_000;

/** A histogram of microseconds: three digits are exact, the memory is the same for a second and for a day. */
export function microsHistogram(): Histogram {
  return build({ highestTrackableValue: HIGHEST_MICROS, numberOfSignificantValueDigits: 3 });
}

/** Records a time; what is longer than ten minutes counts as ten minutes, and clock noise below zero as zero. */
export function recordMicros(histogram: Histogram, micros: number): void {
  histogram.recordValue(micros <= 0 ? 0 : micros >= HIGHEST_MICROS ? HIGHEST_MICROS : Math.round(micros));
}

/** Its percentiles; null when nothing was recorded. */
export function percentilesOf(histogram: Histogram): Percentiles | null {
  if (histogram.totalCount === 0) return null;
  return {
    p50: histogram.getValueAtPercentile(50),
    p99: histogram.getValueAtPercentile(99),
    p999: histogram.getValueAtPercentile(99.9),
    max: histogram.maxValue,
  };
}
