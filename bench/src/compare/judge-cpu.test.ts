import { describe, expect, it } from "vitest";
import { type CpuJudgement, FIRST_LOOK_BLOCKS, judgeCpu } from "./judge-cpu.ts";
import type { Sides } from "./run-block.ts";
import { seededRandom } from "../seeded-random.ts";

const MAX_BLOCKS = 8;

/** Blocks of a head that takes `ratio` times the base's CPU time, with noise of a standard deviation, as a share. */
function simulator(seed: number, ratio: number, noise: number): () => Sides<number> {
  const random = seededRandom(seed);
  // Box and Muller 1958.
  const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return () => ({ base: 200 * Math.exp(noise * gauss()), head: 200 * ratio * Math.exp(noise * gauss()) });
}

/** Looks after each block until it is decided, as a comparison does. */
function verdictOn(nextBlock: () => Sides<number>): CpuJudgement["verdict"] {
  const blocks: Sides<number>[] = [];
  for (let block = 1; ; block++) {
    blocks.push(nextBlock());
    if (block < FIRST_LOOK_BLOCKS) continue;
    const { verdict } = judgeCpu(blocks, MAX_BLOCKS);
    if (verdict !== "undecided" || block === MAX_BLOCKS) return verdict;
  }
}

/** How many of 200 comparisons come to a verdict. */
function countOf(verdict: CpuJudgement["verdict"], ratio: number, noise: number): number {
  let count = 0;
  for (let seed = 0; seed < 200; seed++) if (verdictOn(simulator(seed, ratio, noise)) === verdict) count++;
  return count;
}

describe("the verdict on CPU time", () => {
  it("is slower when every block is, by more than 5 %", () => {
    const blocks = [1.1, 1.08, 1.11, 1.12].map((ratio) => ({ base: 100, head: 100 * ratio }));
    expect(judgeCpu(blocks, MAX_BLOCKS)).toMatchObject({ verdict: "slower" });
  });

  it("is not slower when nothing has changed, and not for the better either", () => {
    const noChange = [1.01, 0.99, 1.02, 0.98].map((ratio) => ({ base: 100, head: 100 * ratio }));
    const better = noChange.map(({ base, head }) => ({ base, head: head * 0.8 }));
    for (const blocks of [noChange, better])
      expect(judgeCpu(blocks, MAX_BLOCKS)).toMatchObject({ verdict: "not slower" });
  });

  it("is undecided while the interval holds 5 %: noise is not taken for a slow-down", () => {
    const blocks = [1.3, 0.9, 1.25, 1].map((ratio) => ({ base: 100, head: 100 * ratio }));
    expect(judgeCpu(blocks, MAX_BLOCKS)).toMatchObject({ verdict: "undecided" });
  });

  it("does not depend on how fast the machine is", () => {
    const blocks = [1.1, 1.08, 1.11, 1.12].map((ratio, index) => ({
      base: 100 * 3 ** index,
      head: ratio * 100 * 3 ** index,
    }));
    expect(judgeCpu(blocks, MAX_BLOCKS).ratio.estimate).toBeCloseTo(1.1024, 3);
  });
});

describe("the whole procedure, in 200 simulated comparisons", () => {
  it("finds a slow-down of 10 % and none where there is none, under the noise of a quiet machine", () => {
    expect(countOf("slower", 1.1, 0.015)).toBe(200);
    expect(countOf("slower", 1, 0.015)).toBe(0);
    expect(countOf("not slower", 1, 0.015)).toBe(200);
  });

  it("blames what costs nothing in none of them under twice that noise, in 1 of 40 at most under four times", () => {
    expect(countOf("slower", 1, 0.03)).toBe(0);
    expect(countOf("slower", 1, 0.06)).toBeLessThanOrEqual(5);
  });

  it("calls what is exactly at the bound slower in few of them, though it looks up to five times", () => {
    expect(countOf("slower", 1.05, 0.015)).toBeLessThanOrEqual(20);
  });
});
