import type { CaseOptions } from "../case-options.ts";
import { UsageError } from "../usage-error.ts";

/**
 * Messages sent in a certain rhythm. Each burst is sent in one turn of the event loop and waits for the answers to the one
 * before, at a rate that leaves the machine idle half of the time: so the same messages fall into the same batches on a
 * fast and on a slow machine, before and after a change. A closed loop would make larger batches where it is slow.
 */
export interface FixedWork {
  readonly name: string;
  readonly options: Partial<CaseOptions>;
  /** In each burst. */
  readonly messages: number;
  /** From the start of one burst to the start of the next. */
  readonly intervalMs: number;
}

/** What is compared: where a batch is small, where it is as large as can be, and where there are many addresses. */
export const fixedWorks: readonly FixedWork[] = [
  { name: "small-batches", options: {}, messages: 4, intervalMs: 2 },
  { name: "bulk", options: {}, messages: 5_000, intervalMs: 50 },
  { name: "thousand-receivers", options: { receivers: 1_000 }, messages: 250, intervalMs: 50 },
];

/** Works whose name a pattern matches. @throws UsageError that lists the names when none does */
export function selectWorks(pattern: RegExp | undefined): readonly FixedWork[] {
  const selected = fixedWorks.filter(({ name }) => pattern === undefined || pattern.test(name));
  if (selected.length > 0) return selected;
  throw new UsageError(
    `no work matches ${String(pattern)}; there are ${fixedWorks.map(({ name }) => name).join(", ")}`,
  );
}
