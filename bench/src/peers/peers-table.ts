import { firstLine, reportTable } from "../report/report-table.ts";
import { textTable } from "../report/text-table.ts";
import type { CaseResult, Report } from "../result-schema.ts";

/** Share of its rate that a system must handle to have kept up; the rest is how exactly a few seconds are cut. */
const KEPT_UP = 0.97;
const MICROS_PER_SECOND = 1_000_000;

/** A comparison for the terminal: figures and ratios, what they hide, and with which versions and settings they came. */
export function peersTable(report: Report): string {
  const remarks = peerRemarks(report);
  const settings = new Map(report.results.map((result) => [systemOf(result), settingsOf(result)]));
  const settingsTable = textTable(
    ["system", "server", "client", "settings"],
    ["left", "left", "left", "left"],
    [...settings.values()],
  );
  return [reportTable(report), remarks.join("\n"), settingsTable].filter((part) => part !== "").join("\n\n");
}

/** What figures alone would hide: who could not keep up, whose messages came to harm, who is not there. */
export function peerRemarks({ results, gaps = [] }: Pick<Report, "results" | "gaps">): string[] {
  return [
    ...results.flatMap(remarksOn),
    ...gaps.map(({ name, reason }) => `${name} is not compared: ${firstLine(reason)}`),
  ];
}

function remarksOn(result: CaseResult): string[] {
  const { name, messagesPerSecond, lost, duplicates, outOfOrder } = result;
  const remarks: string[] = [];
  if (fellBehind(result)) {
    const handled = messagesPerSecond.toLocaleString("en-US");
    remarks.push(`${name} handled ${handled} a second: it did not keep up, so latency is that of a queue that grows`);
  }
  const harm = Object.entries({ lost, repeated: duplicates, "out of order": outOfOrder }).filter(([, n]) => n > 0);
  if (harm.length > 0) {
    remarks.push(`${name}: ${harm.map(([what, n]) => `${n.toLocaleString("en-US")} ${what}`).join(", ")}`);
  }
  return remarks;
}

/**
 * Whether a queue grew all the time. Then half of the messages waited for about half of what was missing in the end; after a
 * mere stall as the time ran out, messages are missing too, but most had not waited.
 */
function fellBehind({ messagesPerSecond, latencyMicros, options }: CaseResult): boolean {
  const { rate, seconds } = options;
  if (typeof rate !== "number" || typeof seconds !== "number" || messagesPerSecond >= rate * KEPT_UP) return false;
  const behindMicros = (1 - messagesPerSecond / rate) * seconds * MICROS_PER_SECOND;
  return (latencyMicros?.p50 ?? Number.POSITIVE_INFINITY) > behindMicros / 4;
}

function systemOf({ name }: CaseResult): string {
  return name.split("/", 1)[0] ?? name;
}

function settingsOf(result: CaseResult): string[] {
  const { server, client, settings } = result.options;
  return [systemOf(result), server, client, settings].map(String);
}
