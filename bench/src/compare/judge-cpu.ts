import type { Sides } from "./run-block.ts";
import { type RatioInterval, ratioInterval } from "./ratio-interval.ts";

/** A slow-down up to here is not held against a change: it is where the noise of a quiet machine ends. */
export const WORSE_RATIO = 1.05;

/** How often all looks together may be wrong about where the ratio lies. */
const ERROR = 0.05;

/** Blocks before the first look: fewer say nothing. */
export const FIRST_LOOK_BLOCKS = 4;

/** What the blocks so far say about the head's CPU time over the base's. */
export interface CpuJudgement {
  readonly ratio: RatioInterval;
  /** `undecided`: the interval holds {@link WORSE_RATIO}. More blocks may tell. */
  readonly verdict: "slower" | "not slower" | "undecided";
}

/**
 * Judges the blocks so far. Whoever looks again and again is wrong more often than at each look, so the error of 5 % is
 * shared out among all looks that there may be (Bonferroni); an interval is one of 95 % for all looks together.
 *
 * @param blocks CPU time for each message, block by block
 * @param maxBlocks after how many blocks the last look will be
 */
export function judgeCpu(blocks: readonly Sides<number>[], maxBlocks: number): CpuJudgement {
  const looks = Math.max(1, maxBlocks - FIRST_LOOK_BLOCKS + 1);
  const ratio = ratioInterval(
    blocks.map(({ base, head }) => head / base),
    1 - ERROR / looks,
  );
  const verdict = ratio.low > WORSE_RATIO ? "slower" : ratio.high < WORSE_RATIO ? "not slower" : "undecided";
  return { ratio, verdict };
}
