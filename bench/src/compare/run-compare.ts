import { type CounterJudgement, judgeCounters, judgedCountsOf, medianCounts } from "../counters/judged-counters.ts";
import type { Measured } from "../end-to-end/snapshot.ts";
import type { FixedWork } from "../fixed-work/fixed-works.ts";
import type { WorkDuration } from "../fixed-work/run-fixed-work.ts";
import type { Checkout } from "./checkout.ts";
import { type CpuJudgement, FIRST_LOOK_BLOCKS, judgeCpu } from "./judge-cpu.ts";
import { runBlock, type Sides } from "./run-block.ts";

/** What to compare, and how long. */
export interface ComparePlan {
  readonly checkouts: Sides<Checkout>;
  readonly works: readonly FixedWork[];
  /** At most so many blocks for each work. */
  readonly blocks: number;
  readonly duration: WorkDuration;
  /** Called before each block. Undefined: there is nothing to prepare. */
  readonly beforeBlock: ((work: FixedWork) => Promise<void>) | undefined;
  readonly onProgress: (line: string) => void;
}

/** One work, on both sides. */
export interface WorkComparison {
  readonly work: string;
  /** In the order of running. */
  readonly blocks: readonly Sides<Measured>[];
  readonly cpu: CpuJudgement;
  readonly counters: readonly CounterJudgement[];
}

interface Progress {
  readonly work: FixedWork;
  readonly blocks: Sides<Measured>[];
  cpu: CpuJudgement | undefined;
}

/** Runs blocks of each work until it is decided which side takes more, or until the blocks are over. */
export async function runCompare(plan: ComparePlan): Promise<WorkComparison[]> {
  const all: Progress[] = plan.works.map((work) => ({ work, blocks: [], cpu: undefined }));
  for (let block = 1; block <= plan.blocks; block++) {
    for (const progress of all) {
      if (progress.cpu !== undefined && progress.cpu.verdict !== "undecided") continue;
      await plan.beforeBlock?.(progress.work);
      progress.blocks.push(await runBlock(block, progress.work, plan.checkouts, plan.duration));
      if (block >= FIRST_LOOK_BLOCKS) progress.cpu = judgeCpu(progress.blocks.map(cpuOf), plan.blocks);
      plan.onProgress(`block ${block}, ${progressLine(progress)}`);
    }
  }
  return all.map(comparisonOf);
}

function comparisonOf({ work: { name }, blocks, cpu }: Progress): WorkComparison {
  if (cpu === undefined) throw new Error(`${blocks.length} blocks of ${name}: ${FIRST_LOOK_BLOCKS} are the least`);
  const countsOf = (side: "base" | "head") =>
    medianCounts(blocks.map((block) => judgedCountsOf(name, block[side].counters)));
  return { work: name, blocks, cpu, counters: judgeCounters(name, countsOf("base"), countsOf("head")) };
}

function cpuOf({ base, head }: Sides<Measured>): Sides<number> {
  return { base: base.cpuMicrosPerMessage, head: head.cpuMicrosPerMessage };
}

function progressLine({ work, blocks, cpu }: Progress): string {
  const { base, head } = cpuOf(blocks.at(-1) as Sides<Measured>);
  const verdict = cpu === undefined ? "" : `; ${cpu.verdict}`;
  return `${work.name}: base ${base.toPrecision(3)}, head ${head.toPrecision(3)} CPU µs/message${verdict}`;
}
