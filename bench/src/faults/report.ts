import type { Durability } from "@chappe/client";
import { textTable } from "../report/text-table.ts";
import { findRepeats } from "./checker/check-duplicates.ts";
import { findLosses } from "./checker/check-lost.ts";
import type { RunHistory } from "./checker/run-history.ts";
import type { Invariant, Violation } from "./checker/violation.ts";
import type { SiteName } from "./stage/redis-site.ts";

/** A fault that was injected, and how long it took until all got through again. */
export interface Survived {
  readonly fault: string;
  /** What was seen of it. */
  readonly effect: string;
  /** From the first harm until it was undone. */
  readonly tookMs: number;
  /** From then until all got through again; undefined when it did not. */
  readonly recoveryMs: number | undefined;
}

/** What came of a run. Counts are of messages, those of deliveries and what follows from them once for each reader. */
export interface FaultsReport {
  readonly seed: number;
  readonly site: SiteName;
  /** Of the sender that heals nothing. */
  readonly durability: Durability;
  /** Histories and logs. */
  readonly folder: string;
  readonly faults: readonly Survived[];
  readonly sent: number;
  readonly acked: number;
  /** Sends whose promise rejected, or whose program was killed before it knew. */
  readonly unknown: number;
  readonly delivered: number;
  readonly lost: number;
  readonly lostByWipe: number;
  readonly duplicatesFlagged: number;
  readonly duplicatesUnflagged: number;
  /** Handed out first and read last, by a receiver that stood still meanwhile. */
  readonly duplicatesLate: number;
  /** Sent twice with one deduplication id, which Redis forgot when it was emptied. */
  readonly duplicatesAnew: number;
  readonly orderViolations: number;
  /** Receipts that said of a message that it was stored before: of a resend, or of one sent twice on purpose. */
  readonly duplicatesRefused: number;
  /** Deliveries with which a consumer held all that it had granted. */
  readonly creditUsedUp: number;
  readonly deadLetters: number;
  readonly violations: readonly Violation[];
}

/** Sums up a run. */
export function reportOf(run: {
  readonly seed: number;
  readonly site: SiteName;
  readonly durability: Durability;
  readonly folder: string;
  readonly survived: readonly Survived[];
  readonly history: RunHistory;
  readonly violations: readonly Violation[];
}): FaultsReport {
  const { seed, site, durability, folder, survived, history, violations } = run;
  const records = [...history.records.values()];
  const acked = records.filter((record) => record.acked !== undefined).length;
  const sent = records.filter((record) => record.sent !== undefined).length;
  const losses = findLosses(history);
  const repeats = findRepeats(history);
  const broken = (invariant: Invariant) => violations.filter((each) => each.invariant === invariant).length;
  return {
    seed,
    site,
    durability,
    folder,
    faults: survived,
    sent,
    acked,
    unknown: sent - acked,
    delivered: history.events.filter(({ kind }) => kind === "delivered").length,
    lost: losses.lost.length,
    lostByWipe: losses.byWipe.length,
    duplicatesFlagged: repeats.flagged,
    duplicatesUnflagged: repeats.unflagged.length,
    duplicatesLate: repeats.late,
    duplicatesAnew: repeats.anew,
    orderViolations: broken("out-of-order") + broken("key-out-of-order"),
    duplicatesRefused: history.events.filter((event) => event.kind === "acked" && event.duplicate).length,
    creditUsedUp: history.events.filter((event) => event.kind === "delivered" && event.held === event.credit).length,
    deadLetters: history.dead.length,
    violations,
  };
}

/** Violations of each kind that are shown. */
const SHOWN = 3;

/** The report as a person reads it. */
export function reportText(report: FaultsReport): string {
  const { faults, violations, folder, seed, site, durability, ...totals } = report;
  const seconds = (ms: number | undefined) => (ms === undefined ? "never" : `${(ms / 1_000).toFixed(1)} s`);
  const rows = faults.map(({ fault, effect, tookMs, recoveryMs }) => [
    fault,
    effect,
    seconds(tookMs),
    seconds(recoveryMs),
  ]);
  const columns = ["fault", "seen of it", "lasted", "recovered after"];
  const lines = [textTable(columns, ["left", "left", "right", "right"], rows), ""];
  for (const [name, value] of Object.entries(totals)) lines.push(`${name}: ${value}`);
  const kinds = Map.groupBy(violations, ({ invariant }) => invariant);
  for (const [invariant, all] of kinds) {
    lines.push("", `${invariant}: ${all.length}`);
    for (const { what, events } of all.slice(0, SHOWN)) {
      lines.push(`  ${what}`, ...events.map((event) => `    ${JSON.stringify(event)}`));
    }
  }
  const where = `${site}, ${durability}, seed ${seed}`;
  lines.push("", violations.length === 0 ? `all held, ${where}` : `BROKEN, ${where}; histories: ${folder}`);
  return lines.join("\n");
}
