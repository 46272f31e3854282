import type { Measured } from "../end-to-end/snapshot.ts";
import { median } from "../median.ts";
import type { Environment } from "../result-schema.ts";
import { changeText } from "../report/change-text.ts";
import { type Alignment, textTable } from "../report/text-table.ts";
import { counterCells } from "../counters/counters-table.ts";
import { WORSE_RATIO } from "./judge-cpu.ts";
import type { Sides } from "./run-block.ts";
import type { WorkComparison } from "./run-compare.ts";

/** What `--json` writes: one comparison. */
export interface CompareReport {
  readonly schema: "chappe-bench-compare/1";
  readonly base: string;
  readonly head: string;
  readonly environment: Environment;
  readonly works: readonly WorkComparison[];
  /** Why the head is worse, in words. Empty when it is not. */
  readonly regressions: readonly string[];
}

/** Why the head is worse: a counter grew beyond its bound, or CPU time did for certain. Empty when it is not. */
export function regressionsOf(works: readonly WorkComparison[]): string[] {
  return works.flatMap(({ work, cpu, counters }) => [
    ...(cpu.verdict === "slower"
      ? [`${work}: CPU time for each message: ${interval(cpu.ratio)}, all of it above ${changeText(WORSE_RATIO)}`]
      : []),
    ...counters
      .filter(({ verdict }) => verdict === "grew")
      .map(
        ({ counter, ratio, bound }) => `${work}: ${counter}: ${changeText(ratio)}, more than ${changeText(1 + bound)}`,
      ),
  ]);
}

const HEADER = ["work", "metric", "base", "head", "change", "allowed", "verdict"];
const ALIGNMENTS: readonly Alignment[] = ["left", "left", "right", "right", "right", "right", "left"];

/** A comparison as a table for the terminal, and what follows from it. */
export function compareTable({ base, head, environment, works, regressions }: CompareReport): string {
  const { node, redis, cores, cpu } = environment;
  return [
    `base: ${base}`,
    `head: ${head}`,
    `Node ${node}, ${redis}, ${cores} × ${cpu}`,
    "",
    textTable(HEADER, ALIGNMENTS, works.flatMap(rows)),
    "",
    ...(regressions.length > 0 ? regressions.map((regression) => `WORSE ${regression}`) : [conclusion(works)]),
  ].join("\n");
}

function rows({ work, blocks, cpu, counters }: WorkComparison): string[][] {
  const micros = (side: keyof Sides<Measured>, role?: string) =>
    median(
      blocks.map(({ [side]: { cpuMicrosPerMessage, cpuMicrosPerMessageByProcess } }) =>
        role === undefined ? cpuMicrosPerMessage : (cpuMicrosPerMessageByProcess[role] ?? 0),
      ),
    );
  const both = (role?: string) => [micros("base", role).toPrecision(3), micros("head", role).toPrecision(3)];
  const roles = Object.keys(blocks[0]?.base.cpuMicrosPerMessageByProcess ?? {});
  return [
    [work, "CPU µs/message", ...both(), interval(cpu.ratio), changeText(WORSE_RATIO), cpu.verdict],
    ...roles.map((role) => [
      "",
      `  of which ${role}`,
      ...both(role),
      changeText(micros("head", role) / micros("base", role)),
    ]),
    ...counters.map((counter) => ["", ...counterCells(counter)]),
  ];
}

function conclusion(works: readonly WorkComparison[]): string {
  const undecided = works.filter(({ cpu }) => cpu.verdict === "undecided").map(({ work }) => work);
  return undecided.length === 0
    ? "Not worse."
    : `Not known to be worse. Undecided: ${undecided.join(", ")}; more --blocks or a quieter machine would tell.`;
}

function interval({ low, estimate, high }: WorkComparison["cpu"]["ratio"]): string {
  return `${changeText(estimate)} (${changeText(low)} … ${changeText(high)})`;
}
