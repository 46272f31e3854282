import { mean } from "../mean.ts";
import { median } from "../median.ts";

/** A quantity at one moment. */
export interface Sample {
  readonly atMs: number;
  readonly value: number;
}

/** How a quantity changed over a time. */
export interface Growth {
  /** Medians of the first and of the last third of the samples: single peaks, as of a collector, do not count. */
  readonly begin: number;
  readonly end: number;
  /** Time between the middles of these two thirds. */
  readonly betweenMs: number;
  /** Slope of the straight line that fits all samples best (least squares), in units an hour. */
  readonly perHour: number;
}

const MIB = 1_048_576;
const MINUTE_MS = 60_000;
/** Less than this is the swing of a collector. */
const SWING_BYTES = 8 * MIB;
/** So is this part of what is held, but for growth as fast as a leak that must be found. */
const SWING_PART = 0.05;
const LEAK_BYTES_PER_MINUTE = 0.75 * MIB;
const MS_PER_HOUR = 3_600_000;

/** How samples, in order of time, grew. @throws Error for fewer than three: they show no trend */
export function growthOf(samples: readonly Sample[]): Growth {
  if (samples.length < 3) throw new Error(`${samples.length} samples show no trend; 3 are the least`);
  const third = Math.floor(samples.length / 3);
  const values = samples.map(({ value }) => value);
  return {
    begin: median(values.slice(0, third)),
    end: median(values.slice(-third)),
    betweenMs: mean(timesOf(samples.slice(-third))) - mean(timesOf(samples.slice(0, third))),
    perHour: slope(samples) * MS_PER_HOUR,
  };
}

/**
 * Whether memory grew: by 8 MiB and by 5 %; or by 8 MiB and by 0.75 MiB a minute, so that in half an hour a leak of 1 MiB a minute
 * shows in a process of any size.
 */
export function isLeak({ begin, end, betweenMs }: Growth): boolean {
  const leaked = (betweenMs / MINUTE_MS) * LEAK_BYTES_PER_MINUTE;
  return end - begin > Math.max(SWING_BYTES, Math.min(begin * SWING_PART, leaked));
}

function timesOf(samples: readonly Sample[]): number[] {
  return samples.map(({ atMs }) => atMs);
}

function slope(samples: readonly Sample[]): number {
  const meanMs = mean(timesOf(samples));
  const meanValue = mean(samples.map(({ value }) => value));
  let both = 0;
  let square = 0;
  for (const { atMs, value } of samples) {
    both += (atMs - meanMs) * (value - meanValue);
    square += (atMs - meanMs) ** 2;
  }
  return both / square;
}
