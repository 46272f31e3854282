import { setTimeout as delay } from "node:timers/promises";
import type { CaseOptions } from "../case-options.ts";
import type { AskedProcess } from "../process/asked-process.ts";
import type { MeterReading } from "../process/meter-reading.ts";
import { destinationsOf, readingsOf } from "./destinations.ts";
import { sumVerdicts, type Verdict } from "./order-checker.ts";
import type { Progress } from "./progress.ts";
import type { ReceiverPlan, ReceiverReport } from "./receiver-plan.ts";
import type { SenderPlan, SenderReport } from "./sender-plan.ts";
import type { System } from "./system.ts";

/** How long messages may still be under way after the last was sent. */
const ARRIVAL_DEADLINE_MS = 30_000;
const LOOK_MS = 20;

/** Lets every receiver program open what it reads. Resolves when routers have let all of it in. */
export async function startReceivers({ client, addresses, receivers }: System, options: CaseOptions): Promise<void> {
  const { bodyBytes, connections } = options;
  const destinations = destinationsOf(options);
  const readings = readingsOf(options);
  await Promise.all(
    receivers.map((program, index) =>
      program.ask("start", {
        client,
        addresses,
        program: index,
        destinations,
        readings: readings[index] ?? [],
        bodyBytes,
        connections,
      } satisfies ReceiverPlan),
    ),
  );
}

/** What senders are told beside the options of their case. */
export interface SenderLimits {
  /** Nothing is sent but the bursts that are asked for. Default: the case's rate. */
  readonly whenAsked?: true;
  /** How many messages each is to send. Default: until it is told to stop. */
  readonly messages?: number;
  /** At a rate: how many messages of each may wait for their answers. Default: a million, which is no limit. */
  readonly mostWaiting?: number;
}

/** Lets every sender program begin. */
export async function startSenders(
  { client, addresses, senders }: System,
  options: CaseOptions,
  { messages, mostWaiting = 1_000_000, whenAsked }: SenderLimits = {},
): Promise<void> {
  const { bodyBytes, concurrency, rate } = options;
  const destinations = destinationsOf(options);
  await Promise.all(
    senders.map((program, sender) =>
      program.ask("start", {
        client,
        addresses,
        sender,
        destinations,
        bodyBytes,
        rate: whenAsked ? "when-asked" : rate === "max" ? rate : rate / senders.length,
        concurrency,
        mostWaiting,
        ...(messages === undefined ? {} : { messages }),
      } satisfies SenderPlan),
    ),
  );
}

/** Stops the senders, and resolves when all they sent is safe. @throws Error with the first send that failed */
export async function stopSenders({ senders }: System): Promise<SenderReport[]> {
  const reports = await Promise.all(senders.map((sender) => sender.ask<SenderReport>("stop")));
  const failed = reports.find(({ failures }) => failures > 0);
  if (failed !== undefined) throw new Error(`${failed.failures} sends failed; the first: ${failed.failure}`);
  return reports;
}

/** How far programs have come, together. */
export async function progressOf(programs: readonly AskedProcess[], question = "progress"): Promise<Progress> {
  const all = await Promise.all(programs.map((program) => program.ask<Progress>(question)));
  return {
    count: all.reduce((sum, { count }) => sum + count, 0),
    atMicros: all.reduce((sum, { atMicros }) => sum + atMicros, 0) / all.length,
  };
}

/** What the meters counted, named and added up by kind of process. */
export async function readMeters(programs: readonly AskedProcess[]): Promise<Record<string, number>> {
  const meters: Record<string, number> = {};
  for (const program of programs) {
    for (const [what, count] of Object.entries(await program.ask<MeterReading>("stopMeter"))) {
      const name = `${program.role}${what}`;
      meters[name] = (meters[name] ?? 0) + count;
    }
  }
  return meters;
}

/** What has arrived. */
export interface Arrived {
  readonly verdict: Verdict;
  readonly reports: readonly ReceiverReport[];
}

/** Waits until everything sent has arrived, or the deadline is over, and asks what it was. */
export async function collectArrivals(
  { receivers }: System,
  { topics, subscriptions }: CaseOptions,
  senders: readonly SenderReport[],
): Promise<Arrived> {
  const sent = senders.map((report) => report.sent);
  const copies = topics > 0 ? subscriptions : 1;
  const expected = sent.flat().reduce((sum, count) => sum + count, 0) * copies;
  const deadline = performance.now() + ARRIVAL_DEADLINE_MS;
  while ((await progressOf(receivers)).count < expected && performance.now() < deadline) await delay(LOOK_MS);
  const reports = await Promise.all(receivers.map((program) => program.ask<ReceiverReport>("report", sent)));
  return { verdict: sumVerdicts(reports.map((report) => report.verdict)), reports };
}

/** Ends every program in good order: a system that cannot end is a failure too. */
export async function stopSystem({ senders, receivers, stopServers }: System): Promise<void> {
  const clients = [...senders, ...receivers];
  await Promise.all(clients.map((program) => program.ask("close")));
  await Promise.all(clients.map((program) => program.stop()));
  await stopServers();
}
