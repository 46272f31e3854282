import { mean } from "../mean.ts";
import { seededRandom } from "../seeded-random.ts";

/** A ratio, and what it may as well be. */
export interface RatioInterval {
  readonly low: number;
  readonly estimate: number;
  readonly high: number;
}

const RESAMPLES = 10_000;
/** What is drawn at random must not make two evaluations of the same data differ. */
const SEED = 1;

/**
 * The geometric mean of ratios, with a bootstrap interval: the percentiles of the means of samples drawn from the ratios
 * with replacement (Efron 1979). Percentiles of few values are too narrow by the root of n / (n - 1), so deviations are
 * widened by that (Hesterberg 2015, "What Teachers Should Know About the Bootstrap"). The same ratios give the same interval.
 *
 * @param ratios at least two
 * @param confidence how often an interval made this way holds the true ratio, 0 to 1
 */
export function ratioInterval(ratios: readonly number[], confidence: number): RatioInterval {
  const logs = ratios.map(Math.log);
  const estimate = mean(logs);
  const random = seededRandom(SEED);
  const means = Float64Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let drawn = 0; drawn < logs.length; drawn++) sum += logs[Math.floor(random() * logs.length)] as number;
    return sum / logs.length;
  }).toSorted();
  const widening = Math.sqrt(logs.length / (logs.length - 1));
  const tail = (1 - confidence) / 2;
  const at = (share: number) => {
    const value = means[Math.min(RESAMPLES - 1, Math.floor(share * RESAMPLES))] as number;
    return Math.exp(estimate + (value - estimate) * widening);
  };
  return { low: at(tail), estimate: Math.exp(estimate), high: at(1 - tail) };
}
