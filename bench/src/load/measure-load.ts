import { setTimeout as delay } from "node:timers/promises";
import { readMeters, stopSystem } from "../end-to-end/drive-programs.ts";
import { type Verdict, violation } from "../end-to-end/order-checker.ts";
import type { Progress } from "../end-to-end/progress.ts";
import { measuredBetween, snapshotTaker } from "../end-to-end/snapshot.ts";
import type { MeasuredProcess } from "../process/measured-process.ts";
import { endedChildrenCpuMicros } from "../process/process-usage.ts";
import type { CaseResult } from "../result-schema.ts";
import { startLoadSystem } from "./load-system.ts";
import type { Load } from "./tool-run.ts";

const LOOK_MS = 20;

/**
 * Runs a tool against a system that was started for it, and measures what the system spends on it.
 *
 * @param arrivalDeadlineMs how long messages may still be under way after the tool has ended
 * @throws Error when the tool says that something failed, or a message that it was told is stored did not arrive, or one
 * came twice
 */
export async function measureLoad(load: Load, arrivalDeadlineMs = 30_000): Promise<CaseResult> {
  const { tool, name, options, http } = load;
  await using system = await startLoadSystem(options, http);
  const { arrivals, target } = system;
  if (options.warmUpSeconds > 0) {
    const { stored } = await load.run({ target, seconds: options.warmUpSeconds, warmUp: true });
    await checkArrivals(arrivals, stored, arrivalDeadlineMs);
  }

  const takeSnapshot = snapshotTaker(system);
  const programs = system.metered;
  await Promise.all(programs.map((program) => program.ask("startMeter")));
  const before = await takeSnapshot("mark");
  const toolMicrosBefore = endedChildrenCpuMicros();
  const { stored, messagesPerSecond, latencyMicros } = await load.run({
    target,
    seconds: options.seconds,
    warmUp: false,
  });
  const toolMicros = endedChildrenCpuMicros() - toolMicrosBefore;
  const verdict = await checkArrivals(arrivals, stored, arrivalDeadlineMs);
  const measured = measuredBetween(before, await takeSnapshot("freeze"), await readMeters(programs));
  await stopSystem(system);

  const toolMicrosPerMessage = Math.round((toolMicros / Math.max(1, verdict.received)) * 1_000) / 1_000;
  return {
    name,
    ...measured,
    messagesPerSecond: Math.round(messagesPerSecond),
    // Not in the sum: what a load generator costs is not what it would cost anybody to send.
    cpuMicrosPerMessageByProcess: { ...measured.cpuMicrosPerMessageByProcess, [tool]: toolMicrosPerMessage },
    latencyMicros,
    generatorLatenessMicros: null,
    lost: verdict.lost,
    duplicates: verdict.duplicates,
    outOfOrder: verdict.outOfOrder,
    options,
  };
}

/** Waits until all that was stored has arrived, or the deadline is over. @throws Error when something is wrong then */
async function checkArrivals(
  arrivals: MeasuredProcess,
  stored: readonly number[],
  deadlineMs: number,
): Promise<Verdict> {
  const expected = stored.reduce((sum, count) => sum + count, 0);
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const late = performance.now() > deadline;
    const { count } = await arrivals.ask<Progress>("progress");
    if (count >= expected || late) {
      const verdict = await arrivals.ask<Verdict>("verdict", stored);
      // Messages whose answers the tool did not wait for may have come before others that it was told are stored.
      if (verdict.lost === 0 || late) {
        const wrong = violation(verdict);
        if (wrong === undefined) return verdict;
        throw new Error(`${wrong}, of ${expected} messages stored; ${verdict.received} arrived`);
      }
    }
    await delay(LOOK_MS);
  }
}
