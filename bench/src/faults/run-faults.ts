import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Durability } from "@chappe/client";
import { seededRandom } from "../seeded-random.ts";
import { checkDrained } from "./checker/check-drained.ts";
import { checkHistory } from "./checker/check-history.ts";
import { type ReaderPlan, runHistory } from "./checker/run-history.ts";
import type { Violation } from "./checker/violation.ts";
import { type HistoryEvent, historyNowMs, readerText } from "./history/history-event.ts";
import { HistoryReader } from "./history/history-reader.ts";
import type { Fault, Injection } from "./injected/fault.ts";
import { type FaultsReport, reportOf, type Survived } from "./report.ts";
import type { Planned } from "./schedule.ts";
import { findInRedis } from "./stage/found-in-redis.ts";
import { Progress } from "./stage/progress.ts";
import type { SiteName } from "./stage/redis-site.ts";
import { ENDED_WELL, type StageProcess } from "./stage/stage-process.ts";
import { KEY_PREFIX, READ_ALONE, READINGS, SENDERS, type Stage, startStage } from "./stage/stage.ts";

/** Everything must get through again within this after a fault: the 10 s after which a router is dead, pauses between tries, and room. */
const RECOVERY_MS = 45_000;
/** Starting is no promise: a busy machine may take its time. */
const START_MS = 90_000;
const DRAIN_MS = 45_000;
/** What is under way when a sender is asked to end may take its `sendTimeoutMs`. */
const STOP_MS = 65_000;
const LOOK_MS = 250;

/** What a run is to do. */
export interface FaultsRequest {
  readonly seed: number;
  readonly site: SiteName;
  /** Of the sender that heals nothing. */
  readonly durability: Durability;
  /** In this order, for as long as there is time. */
  readonly planned: Iterable<Planned>;
  /** Told of each step. */
  readonly print: (line: string) => void;
  /** No fault begins after so many milliseconds. */
  readonly injectForMs: number;
}

const READERS: readonly ReaderPlan[] = READINGS.map((reading) => ({
  reader: readerText(reading.address, reading.subscription),
  address: reading.address,
  isOrdered: READ_ALONE.includes(reading),
}));

/** What is sent there comes when it is due, whatever has recovered. */
const DELAYED: ReadonlySet<string> = new Set(
  SENDERS.flatMap(({ sendings }) => sendings)
    .filter(({ delayedUpToMs }) => delayedUpToMs !== undefined)
    .map(({ address }) => address),
);

/** Starts everything, injects one fault after the other, lets all drain, and judges what happened. */
export async function runFaults(request: FaultsRequest): Promise<FaultsReport> {
  const { seed, site, durability, planned, injectForMs, print } = request;
  const folder = mkdtempSync(join(tmpdir(), "chappe-faults-"));
  print(`histories: ${folder}`);
  await using stage = await startStage(folder, site, durability);
  const reader = new HistoryReader(join(folder, "histories"));
  const progress = new Progress(() => reader.read());
  const broken: Violation[] = [];
  await begin(stage, progress);

  const survived: Survived[] = [];
  const untilMs = historyNowMs() + injectForMs;
  for (const { fault, seed: faultSeed } of planned) {
    const startedMs = historyNowMs();
    if (startedMs > untilMs) break;
    const injected = await harm(fault, { stage, progress, random: seededRandom(faultSeed) });
    const injectedMs = historyNowMs();
    const missing = [...(await recover(stage, progress, RECOVERY_MS))];
    const recoveredMs = historyNowMs();
    // Who has lost a replica, and loses another server, may lose messages: no fault shall hit what the last one left behind.
    if (!(await stage.redis.isWhole(RECOVERY_MS))) missing.push("master with a replica in each place");
    survived.push({
      fault: fault.name,
      effect: injected.effect ?? "none",
      tookMs: injectedMs - startedMs,
      recoveryMs: missing.length === 0 ? recoveredMs - injectedMs : undefined,
    });
    print(
      `${fault.name}: ${injected.effect ?? "no effect"}, ${Math.round(injectedMs - startedMs)} ms, recovered after ${Math.round(recoveredMs - injectedMs)} ms`,
    );
    if (injected.violation !== undefined) broken.push(injected.violation);
    if (missing.length > 0) {
      const what = `after ${fault.name} there were no ${missing.join(", no ")} for ${RECOVERY_MS} ms`;
      broken.push({ invariant: "not-recovered", what, events: [] });
      break;
    }
  }
  print("draining");
  const { notEnded, ...found } = await drain(stage, progress);
  for (const what of notEnded) broken.push({ invariant: "crashed", what, events: [] });
  const history = runHistory(progress.events, { readers: READERS, ...found });
  return reportOf({
    seed,
    site,
    durability,
    folder,
    survived,
    history,
    violations: [...broken, ...checkHistory(history)],
  });
}

/** Does a fault its harm, which must show: whoever survives what was not done has shown nothing. */
async function harm(fault: Fault, injection: Injection): Promise<{ effect?: string; violation?: Violation }> {
  try {
    const effect = await fault.inject(injection);
    if (effect !== undefined) return { effect };
    return { violation: { invariant: "no-effect", what: `nothing was seen of ${fault.name}`, events: [] } };
  } catch (error) {
    return { violation: { invariant: "not-recovered", what: `${fault.name}: ${String(error)}`, events: [] } };
  }
}

/** Receivers first: a subscription must exist before what it shall get. */
async function begin(stage: Stage, progress: Progress): Promise<void> {
  const deadlineMs = historyNowMs() + START_MS;
  const isRead = (address: string, subscription: string) =>
    progress.events.some((event) => isConnected(event, address, subscription));
  for (;;) {
    progress.look();
    if (READINGS.every(({ address, subscription }) => isRead(address, subscription))) break;
    if (historyNowMs() > deadlineMs) throw new Error(`no receiver was let in within ${START_MS} ms`);
    await delay(LOOK_MS);
  }
  for (const sender of stage.senders) sender.start();
  const missing = await recover(stage, progress, START_MS);
  if (missing.length > 0) throw new Error(`no ${missing.join(", no ")} within ${START_MS} ms of the start`);
}

function isConnected(event: HistoryEvent, address: string, subscription: string): boolean {
  if (event.kind !== "told" || event.status !== "connected") return false;
  const { stream } = JSON.parse(event.detail) as { stream: { address?: string; subscription?: string } };
  return stream.address === address && stream.subscription === subscription;
}

function recover({ senders }: Stage, progress: Progress, deadlineMs: number): Promise<readonly string[]> {
  return progress.recovers(
    senders.flatMap(({ name }, index) => (SENDERS[index]?.sendings ?? []).map(({ address }) => `${name} > ${address}`)),
    READERS.filter(({ address }) => !DELAYED.has(address)).map(({ reader }) => reader),
    deadlineMs,
  );
}

/** Sends nothing more, and waits until all is handled, or nothing has changed for too long. */
async function drain(stage: Stage, progress: Progress) {
  const notEnded = await stopAll(stage.senders);
  const deadlineMs = historyNowMs() + DRAIN_MS;
  for (;;) {
    progress.look();
    const found = await findInRedis(stage.redis, KEY_PREFIX, READINGS);
    const isDrained = checkDrained({ readers: READERS, left: found.left }).length === 0;
    if (isDrained || historyNowMs() > deadlineMs) {
      notEnded.push(...(await stopAll(stage.receivers)));
      progress.look();
      return { notEnded, ...(isDrained ? await findInRedis(stage.redis, KEY_PREFIX, READINGS) : found) };
    }
    await delay(LOOK_MS);
  }
}

/** @returns those that did not end in good order */
async function stopAll(programs: readonly StageProcess[]): Promise<string[]> {
  const ends = await Promise.all(programs.map((program) => program.stop(STOP_MS)));
  return programs.flatMap(({ name }, index) =>
    ends[index] === ENDED_WELL ? [] : [`${name}, asked to end, ended with ${ends[index] ?? "nothing"}`],
  );
}
