import { meetsTarget, ratioDefinitions, targetText } from "../ratios.ts";
import type { CaseResult, Report } from "../result-schema.ts";
import { type Alignment, textTable } from "./text-table.ts";

const HEADER = ["case", "messages/s", "CPU µs/msg", "p50", "p99", "p99.9", "max", "late p99"];
const ALIGNMENTS: readonly Alignment[] = ["left", ...HEADER.slice(1).map((): Alignment => "right")];

/**
 * A run's results as a table for the terminal, with what they were measured on above, and below it what failed and the
 * ratios.
 */
export function reportTable({ commit, environment, results, failures, ratios }: Report): string {
  const { node, redis, cpu, cores, loadAverage } = environment;
  const busy =
    loadAverage > cores / 4 ? ` — load ${loadAverage.toFixed(1)}: others are at work, figures will be low` : "";
  const lines = [
    `${commit.slice(0, 12)}${commit.endsWith("-dirty") ? "-dirty" : ""}, Node ${node}, ${redis}, ${cores} × ${cpu}${busy}`,
    "",
    textTable(HEADER, ALIGNMENTS, [...results.map(row), ...failures.map(({ name }) => [name, "failed"])]),
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

function row({ name, messagesPerSecond, cpuMicrosPerMessage, latencyMicros, generatorLatenessMicros }: CaseResult) {
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

/** What went wrong, without what a process printed last. */
export function firstLine(reason: string): string {
  return reason.split("\n", 1)[0] ?? "";
}

/** A number for people: three digits at least, and thousands apart. */
export function amount(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en-US") : value.toPrecision(3);
}

/** A time for people: three digits, and the unit that keeps them short. */
export function duration(micros: number | undefined): string {
  if (micros === undefined) return "";
  if (micros < 1_000) return `${Math.round(micros)} µs`;
  const [value, unit] = micros < 1_000_000 ? [micros / 1_000, "ms"] : [micros / 1_000_000, "s"];
  return `${value >= 100 ? Math.round(value) : value.toPrecision(3)} ${unit}`;
}
