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
  /** Slope of the straight line that fits all samples best (least squares), in units an hour. */
  readonly perHour: number;
}

const MS_PER_HOUR = 3_600_000;

/** How samples, in order of time, grew. @throws Error for fewer than three: they show no trend */
export function growthOf(samples: readonly Sample[]): Growth {
  if (samples.length < 3) throw new Error(`${samples.length} samples show no trend; 3 are the least`);
  const third = Math.floor(samples.length / 3);
  const values = samples.map(({ value }) => value);
  return {
    begin: median(values.slice(0, third)),
    end: median(values.slice(-third)),
    perHour: slope(samples) * MS_PER_HOUR,
  };
}

function slope(samples: readonly Sample[]): number {
  const meanMs = mean(samples.map(({ atMs }) => atMs));
  const meanValue = mean(samples.map(({ value }) => value));
  let both = 0;
  let square = 0;
  for (const { atMs, value } of samples) {
    both += (atMs - meanMs) * (value - meanValue);
    square += (atMs - meanMs) ** 2;
  }
  return both / square;
}
