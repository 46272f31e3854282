import type { CaseResult } from "../../result-schema.ts";
import { type Palette, paletteOf } from "./plot-frame.ts";
import { systemOf } from "./result-groups.ts";

/** Ours stands out; Redis alone is the grey line to measure against. */
export function systemColours(results: readonly CaseResult[]): Palette {
  return paletteOf(results.map(systemOf), { chappe: "var(--series-1)", redis: "var(--reference)" });
}

const PROCESSES = ["sender", "router", "receiver", "redis"];

/** In the order of a message's way, then whatever other systems have. */
export function processColours(results: readonly CaseResult[]): Palette {
  const names = new Set(
    results.flatMap(({ cpuMicrosPerMessageByProcess }) => Object.keys(cpuMicrosPerMessageByProcess)),
  );
  const ordered = [
    ...PROCESSES.filter((name) => names.has(name)),
    ...[...names].filter((name) => !PROCESSES.includes(name)),
  ];
  return paletteOf(ordered, {
    sender: "var(--series-2)",
    router: "var(--series-1)",
    receiver: "var(--series-3)",
    redis: "var(--reference)",
  });
}
