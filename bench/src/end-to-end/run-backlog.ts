import { setTimeout as delay } from "node:timers/promises";
import { optionsFor } from "../bench-case.ts";
import type { AskedProcess } from "../process/asked-process.ts";
import type { CaseResult } from "../result-schema.ts";
import { startChappeSystem } from "./chappe-system.ts";
import {
  collectArrivals,
  progressOf,
  readMeters,
  startReceivers,
  startSenders,
  stopSenders,
  stopSystem,
} from "./drive-programs.ts";
import { requireUnharmed } from "./order-checker.ts";
import { ProgressLog } from "./progress-log.ts";
import type { EndToEndRun } from "./run-end-to-end.ts";
import { measuredBetween, snapshotTaker } from "./snapshot.ts";
import { startProfiles, stopProfiles } from "./take-profiles.ts";

const LOOK_MS = 10;
/** Programs that make no headway for this long are stuck. */
const STUCK_MS = 30_000;

/** Parts of the way, as shares of all messages. On the first fifth, V8 compiles what runs on the others. */
const EARLY = [0.2, 0.4] as const;
const LATE = [0.8, 1] as const;
const WARM = [0.2, 1] as const;

/**
 * Sends messages that nobody receives yet, looks at what they take in Redis, and then lets receivers drain them. The
 * rate is that of the draining; CPU time and counters are of both together.
 *
 * @throws Error when a message was lost, duplicated or out of order, or could not be sent
 */
export async function runBacklog({ name, options, profile }: EndToEndRun): Promise<CaseResult> {
  await using system = await startChappeSystem(options);
  const programs = system.metered;
  const takeSnapshot = snapshotTaker(system);
  const perSender = Math.ceil(options.messages / options.senders);
  const messages = perSender * options.senders;

  const emptyBytes = await system.redis.usedMemoryBytes();
  await Promise.all(programs.map((program) => program.ask("startMeter")));
  await startProfiles(programs, profile);
  const before = await takeSnapshot("mark");
  await startSenders(system, options, { messages: perSender });
  const publishing = await watch(system.senders, messages).catch(async (error: unknown) => {
    // Who got stuck because sends failed says so.
    await stopSenders(system);
    throw error;
  });
  const sent = await stopSenders(system);
  const fullBytes = await system.redis.usedMemoryBytes();

  await startReceivers(system, options);
  const draining = await watch(system.receivers, messages);
  const after = await takeSnapshot("freeze");
  await stopProfiles(programs, profile);
  const meters = await readMeters(programs);
  const { verdict } = await collectArrivals(system, options, sent);
  requireUnharmed(verdict);
  await stopSystem(system);

  const speed = (log: ProgressLog, [from, to]: readonly [number, number]) =>
    log.perSecondBetween(Math.round(from * messages), Math.round(to * messages));
  const { measures, ...measured } = measuredBetween(before, after, meters);
  return {
    name,
    ...measured,
    messagesPerSecond: speed(draining, WARM),
    latencyMicros: null,
    generatorLatenessMicros: null,
    lost: verdict.lost,
    duplicates: verdict.duplicates,
    outOfOrder: verdict.outOfOrder,
    measures: {
      ...measures,
      publishPerSecondEarly: speed(publishing, EARLY),
      publishPerSecondLate: speed(publishing, LATE),
      redisBytesPerMessage: Math.max(0, fullBytes - emptyBytes) / messages,
    },
    options: optionsFor("backlog", options),
  };
}

/** Looks on until programs have come to a count together. @throws Error when they get stuck before */
async function watch(programs: readonly AskedProcess[], count: number): Promise<ProgressLog> {
  const log = new ProgressLog();
  let last = -1;
  let movedAt = performance.now();
  for (;;) {
    const progress = await progressOf(programs);
    log.note(progress);
    if (progress.count >= count) return log;
    if (progress.count > last) movedAt = performance.now();
    else if (performance.now() - movedAt > STUCK_MS) {
      throw new Error(`stuck at ${progress.count} of ${count} messages for ${STUCK_MS / 1_000} s`);
    }
    last = progress.count;
    await delay(LOOK_MS);
  }
}
