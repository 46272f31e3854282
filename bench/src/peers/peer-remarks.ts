import type { CaseResult, Report } from "../result-schema.ts";

/** Share of its rate that a system must handle to have kept up; the rest is how exactly a few seconds are cut. */
const KEPT_UP = 0.97;

/** What a table of figures alone would hide: who could not keep up, whose messages were lost, repeated or reordered. */
export function peerRemarks({ results, gaps = [] }: Pick<Report, "results" | "gaps">): string[] {
  return [...results.flatMap(remarksOn), ...gaps.map(({ name, reason }) => `${name} was not measured: ${reason}`)];
}

function remarksOn({ name, messagesPerSecond, lost, duplicates, outOfOrder, options }: CaseResult): string[] {
  const rate = options["rate"];
  const remarks: string[] = [];
  if (typeof rate === "number" && messagesPerSecond < rate * KEPT_UP) {
    remarks.push(
      `${name} handled ${messagesPerSecond.toLocaleString("en-US")} a second: it did not keep up, so its latency is that of a queue that grows`,
    );
  }
  const wrong = Object.entries({ lost, repeated: duplicates, "out of order": outOfOrder }).filter(([, n]) => n > 0);
  if (wrong.length > 0) {
    remarks.push(`${name}: ${wrong.map(([what, n]) => `${n.toLocaleString("en-US")} ${what}`).join(", ")}`);
  }
  return remarks;
}
