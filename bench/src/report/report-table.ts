import { meetsTarget, ratioDefinitions, targetText } from "../ratios.ts";
import type { CaseResult, Environment, Report } from "../result-schema.ts";
import { amount, duration } from "./figure-text.ts";
import { type Alignment, textTable } from "./text-table.ts";

/** What is told of each case in a row. */
export const CASE_COLUMNS = ["case", "messages/s", "CPU µs/msg", "p50", "p99", "p99.9", "max", "late p99"];
const ALIGNMENTS: readonly Alignment[] = ["left", ...CASE_COLUMNS.slice(1).map((): Alignment => "right")];

/**
 * A run's results as a table for the terminal, with what they were measured on above, and below it what failed and the
 * ratios.
 */
export function reportTable({ commit, environment, results, failures, ratios }: Report): string {
  const { node, redis, cpu, cores, loadAverage } = environment;
  const busy = isBusy(environment) ? ` — load ${loadAverage.toFixed(1)}: others are at work, figures will be low` : "";
  const lines = [
    `${shortCommit(commit)}, Node ${node}, ${redis}, ${cores} × ${cpu}${busy}`,
    "",
    textTable(CASE_COLUMNS, ALIGNMENTS, [...results.map(caseCells), ...failures.map(({ name }) => [name, "failed"])]),
  ];
  if (failures.length > 0) {
    const reasons = failures.map(({ name, reason }) => [name, firstLine(reason)]);
    lines.push("", textTable(["failed", "because"], ["left", "left"], reasons));
  }
  const compared = Object.entries(ratios);
  if (compared.length > 0) {
    lines.push("", textTable(["ratio", "", "target", ""], ["left", "right", "left", "left"], compared.map(ratioRow)));
  }
  return lines.join("\n");
}

/** A case's row, by {@link CASE_COLUMNS}. */
export function caseCells({
  name,
  messagesPerSecond,
  cpuMicrosPerMessage,
  latencyMicros,
  generatorLatenessMicros,
}: CaseResult): string[] {
  const { p50, p99, p999, max } = latencyMicros ?? {};
  return [
    name,
    Math.round(messagesPerSecond).toLocaleString("en-US"),
    amount(cpuMicrosPerMessage),
    ...[p50, p99, p999, max, generatorLatenessMicros?.p99].map(duration),
  ];
}

function ratioRow([name, ratio]: readonly [string, number]): string[] {
  const target = ratioDefinitions[name]?.target;
  if (target === undefined) return [name, ratio.toFixed(2)];
  return [name, ratio.toFixed(2), targetText(target), meetsTarget(ratio, target) ? "met" : "missed"];
}

/** Whether others were at work on the machine when a run began. */
export function isBusy({ loadAverage, cores }: Environment): boolean {
  return loadAverage > cores / 4;
}

/** A commit for people, which still says whether the sources were changed. */
export function shortCommit(commit: string): string {
  return `${commit.slice(0, 12)}${commit.endsWith("-dirty") ? "-dirty" : ""}`;
}

/** What went wrong, without what a process printed last. */
export function firstLine(reason: string): string {
  return reason.split("\n", 1)[0] ?? "";
}
