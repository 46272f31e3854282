import { setTimeout as delay } from "node:timers/promises";
import { decodeFromCompressedBase64 } from "hdr-histogram-js";
import { optionsFor } from "../bench-case.ts";
import type { CaseOptions } from "../case-options.ts";
import { microsHistogram, percentilesOf } from "../percentiles.ts";
import type { CaseResult, Percentiles } from "../result-schema.ts";
import {
  collectArrivals,
  readMeters,
  startReceivers,
  startSenders,
  stopSenders,
  stopSystem,
} from "./drive-programs.ts";
import type { ReceiverReport } from "./receiver-plan.ts";
import { measuredBetween, snapshotTaker } from "./snapshot.ts";
import { programsOf, startSystem } from "./system.ts";
import { type ProfileRequest, startProfiles, stopProfiles } from "./take-profiles.ts";

/** What to run. */
export interface EndToEndRun {
  readonly name: string;
  readonly options: CaseOptions;
  /** @default none */
  readonly profile?: ProfileRequest | undefined;
}

/**
 * Sends, routes, receives and settles messages through real processes and a real Redis, and measures it.
 *
 * @throws Error when a message was lost, duplicated or out of order, or could not be sent
 */
export async function runEndToEnd({ name, options, profile }: EndToEndRun): Promise<CaseResult> {
  await using system = await startSystem(options);
  await startReceivers(system, options);
  await startSenders(system, options);

  const programs = programsOf(system);
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
  await stopSystem(system);

  return {
    name,
    ...measuredBetween(before, after, meters),
    latencyMicros: latencyOf(reports),
    generatorLatenessMicros: worst(sent.flatMap(({ lateness }) => lateness ?? [])),
    lost: verdict.lost,
    duplicates: verdict.duplicates,
    outOfOrder: verdict.outOfOrder,
    options: optionsFor("end-to-end", options),
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
