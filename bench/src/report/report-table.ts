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
    lines.push(
      "",
      textTable(
        ["ratio", ""],
        ["left", "right"],
        compared.map(([name, ratio]) => [name, ratio.toFixed(2)]),
      ),
    );
  }
  return lines.join("\n");
}

function row({ name, messagesPerSecond, cpuMicrosPerMessage, latencyMicros, generatorLatenessMicros }: CaseResult) {
  const { p50, p99, p999, max } = latencyMicros ?? {};
  return [
    name,
    Math.round(messagesPerSecond).toLocaleString("en-US"),
    cpuMicrosPerMessage.toPrecision(3),
    ...[p50, p99, p999, max, generatorLatenessMicros?.p99].map(duration),
  ];
}

/** What went wrong, without what a process printed last. */
export function firstLine(reason: string): string {
  return reason.split("\n", 1)[0] ?? "";
}

/** A time for people: three digits, and the unit that keeps them short. */
export function duration(micros: number | undefined): string {
  if (micros === undefined) return "";
  if (micros < 1_000) return `${Math.round(micros)} µs`;
  const [value, unit] = micros < 1_000_000 ? [micros / 1_000, "ms"] : [micros / 1_000_000, "s"];
  return `${value >= 100 ? Math.round(value) : value.toPrecision(3)} ${unit}`;
}
