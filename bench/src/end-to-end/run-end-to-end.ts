import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { decodeFromCompressedBase64 } from "hdr-histogram-js";
import type { CaseOptions } from "../case-options.ts";
import { microsHistogram, percentilesOf } from "../percentiles.ts";
import type { MeasuredProcess } from "../process/measured-process.ts";
import type { MeterReading } from "../process/meter-reading.ts";
import type { CaseResult, Percentiles } from "../result-schema.ts";
import { destinationsOf, readingsOf } from "./destinations.ts";
import { sumVerdicts, violation } from "./order-checker.ts";
import type { ReceiverPlan, ReceiverProgress, ReceiverReport } from "./receiver-plan.ts";
import type { SenderPlan, SenderReport } from "./sender-plan.ts";
import { measuredBetween, snapshotTaker } from "./snapshot.ts";
import { startSystem, type System } from "./system.ts";

/** How long messages may still be under way after the last was sent. */
const ARRIVAL_DEADLINE_MS = 30_000;
const LOOK_MS = 20;

/** How to run an end-to-end case, beside its options. */
export interface EndToEndRun {
  readonly name: string;
  readonly options: CaseOptions;
  /** Which profile to take of each process of ours, and the folder for it. @default none */
  readonly profile?: { readonly what: "cpu" | "allocations"; readonly folder: string };
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

  const programs = [...system.senders, system.router, ...system.receivers];
  const takeSnapshot = snapshotTaker(system);
  await delay(options.warmUpSeconds * 1_000);
  await Promise.all([
    ...system.senders.map((sender) => sender.ask("mark")),
    ...programs.map((program) => program.ask("startMeter")),
  ]);
  if (profile !== undefined) await Promise.all(programs.map((program) => program.ask("startProfile", profile.what)));
  const before = await takeSnapshot("mark");
  await delay(options.seconds * 1_000);
  const after = await takeSnapshot("freeze");
  if (profile !== undefined) {
    const ending = profile.what === "cpu" ? "cpuprofile" : "heapprofile";
    await Promise.all(
      programs.map((program, index) =>
        program.ask("stopProfile", join(profile.folder, `${index}-${program.role}.${ending}`)),
      ),
    );
  }
  const meters = await readMeters(programs);

  const sent = await Promise.all(system.senders.map((sender) => sender.ask<SenderReport>("stop")));
  const failed = sent.find(({ failures }) => failures > 0);
  if (failed !== undefined) throw new Error(`${failed.failures} sends failed; the first: ${failed.failure}`);
  const reports = await collectArrivals(system, options, sent);
  const verdict = sumVerdicts(reports.map((report) => report.verdict));
  const wrong = violation(verdict);
  if (wrong !== undefined) throw new Error(`${wrong}, of ${verdict.received} messages received`);
  await stopSystem(system);

  return {
    name,
    ...measuredBetween(before, after, meters),
    latencyMicros: latencyOf(reports),
    generatorLatenessMicros: worst(sent.flatMap(({ lateness }) => lateness ?? [])),
    lost: verdict.lost,
    duplicates: verdict.duplicates,
    outOfOrder: verdict.outOfOrder,
    options,
  };
}

async function startReceivers(system: System, options: CaseOptions): Promise<void> {
  const destinations = destinationsOf(options);
  const readings = readingsOf(options);
  await Promise.all(
    system.receivers.map((program, index) =>
      program.ask("start", {
        router: system.address,
        program: index,
        destinations,
        readings: readings[index] ?? [],
        bodyBytes: options.bodyBytes,
      } satisfies ReceiverPlan),
    ),
  );
}

async function startSenders(system: System, options: CaseOptions): Promise<void> {
  const { bodyBytes, concurrency, rate, senders } = options;
  const destinations = destinationsOf(options);
  await Promise.all(
    system.senders.map((program, sender) =>
      program.ask("start", {
        router: system.address,
        sender,
        destinations,
        bodyBytes,
        rate: rate === "max" ? rate : rate / senders,
        concurrency,
      } satisfies SenderPlan),
    ),
  );
}

/** What the meters counted, named and added up by kind of process. */
async function readMeters(programs: readonly MeasuredProcess[]): Promise<Record<string, number>> {
  const meters: Record<string, number> = {};
  for (const program of programs) {
    for (const [what, count] of Object.entries(await program.ask<MeterReading>("stopMeter"))) {
      const name = `${program.role}${what}`;
      meters[name] = (meters[name] ?? 0) + count;
    }
  }
  return meters;
}

/** Waits until everything sent has arrived, or the deadline is over, and asks what it was. */
async function collectArrivals(
  { receivers }: System,
  { topics, subscriptions }: CaseOptions,
  senders: readonly SenderReport[],
): Promise<ReceiverReport[]> {
  const sent = senders.map((report) => report.sent);
  const copies = topics > 0 ? subscriptions : 1;
  const expected = sent.flat().reduce((sum, count) => sum + count, 0) * copies;
  const deadline = performance.now() + ARRIVAL_DEADLINE_MS;
  for (;;) {
    const progress = await Promise.all(receivers.map((program) => program.ask<ReceiverProgress>("progress")));
    const received = progress.reduce((sum, { count }) => sum + count, 0);
    if (received >= expected || performance.now() > deadline) break;
    await delay(LOOK_MS);
  }
  return await Promise.all(receivers.map((program) => program.ask<ReceiverReport>("report", sent)));
}

/** In good order: a system that cannot end is a failure too. */
async function stopSystem({ senders, receivers, router }: System): Promise<void> {
  const clients = [...senders, ...receivers];
  await Promise.all(clients.map((program) => program.ask("close")));
  await Promise.all(clients.map((program) => program.stop()));
  await router.stop();
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
