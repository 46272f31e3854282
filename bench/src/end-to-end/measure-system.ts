import { setTimeout as delay } from "node:timers/promises";
import { decodeFromCompressedBase64 } from "hdr-histogram-js";
import type { CaseOptions } from "../case-options.ts";
import { microsHistogram, percentilesOf } from "../percentiles.ts";
import type { CaseResult, Percentiles } from "../result-schema.ts";
import {
  collectArrivals,
  readMeters,
  type SenderLimits,
  startReceivers,
  startSenders,
  stopSenders,
} from "./drive-programs.ts";
import type { Verdict } from "./order-checker.ts";
import type { ReceiverReport } from "./receiver-plan.ts";
import { measuredBetween, snapshotTaker } from "./snapshot.ts";
import type { System } from "./system.ts";
import { type ProfileRequest, startProfiles, stopProfiles } from "./take-profiles.ts";

/** How to measure, beside the load. */
export interface MeasuringOptions {
  /** @default none */
  readonly profile?: ProfileRequest | undefined;
  /** @default none */
  readonly limits?: SenderLimits;
}

/** What one system did under one load. */
export interface Measurement {
  readonly result: Omit<CaseResult, "name" | "options">;
  readonly verdict: Verdict;
}

/**
 * Sends, routes, receives and settles messages through the processes of a system, and measures it. What became of each
 * message is counted; what to think of it is the caller's.
 *
 * @throws Error when a message could not be sent
 */
export async function measureSystem(
  system: System,
  options: CaseOptions,
  { profile, limits }: MeasuringOptions = {},
): Promise<Measurement> {
  await startReceivers(system, options);
  await startSenders(system, options, limits);

  const programs = system.metered;
  const takeSnapshot = snapshotTaker(system);
  await delay(options.warmUpSeconds * 1_000);
  await Promise.all([
    ...system.senders.map((sender) => sender.ask("mark")),
    ...programs.map((program) => program.ask("startMeter")),
  ]);
  await startProfiles(programs, profile);
  const before = await takeSnapshot("mark");
  await delay(options.seconds * 1_000);
  const after = await takeSnapshot("freeze");
  await stopProfiles(programs, profile);
  const meters = await readMeters(programs);
  const sent = await stopSenders(system);
  const { verdict, reports } = await collectArrivals(system, options, sent);
  const { lost, duplicates, outOfOrder } = verdict;
  return {
    result: {
      ...measuredBetween(before, after, meters),
      latencyMicros: latencyOf(reports),
      generatorLatenessMicros: worst(sent.flatMap(({ lateness }) => lateness ?? [])),
      lost,
      duplicates,
      outOfOrder,
    },
    verdict,
  };
}

function latencyOf(reports: readonly ReceiverReport[]): Percentiles | null {
  const all = microsHistogram();
  for (const { latency } of reports) all.add(decodeFromCompressedBase64(latency));
  return percentilesOf(all);
}

/** The worst of each percentile: senders keep their lateness to themselves. */
function worst(all: readonly Percentiles[]): Percentiles | null {
  if (all.length === 0) return null;
  const most = (of: (percentiles: Percentiles) => number) => Math.max(...all.map(of));
  return {
    p50: most(({ p50 }) => p50),
    p99: most(({ p99 }) => p99),
    p999: most(({ p999 }) => p999),
    max: most(({ max }) => max),
  };
}
