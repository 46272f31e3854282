import { setTimeout as delay } from "node:timers/promises";
import { type CaseOptions, resolveCaseOptions } from "../case-options.ts";
import { ownPrograms, startChappeSystem } from "../end-to-end/chappe-system.ts";
import {
  collectArrivals,
  progressOf,
  startReceivers,
  startSenders,
  stopSenders,
  stopSystem,
} from "../end-to-end/drive-programs.ts";
import type { Verdict } from "../end-to-end/order-checker.ts";
import { runEndToEnd } from "../end-to-end/run-end-to-end.ts";
import { type Growth, growthOf, isLeak, type Sample } from "./growth.ts";
import { sampleTaker, type Watched } from "./take-sample.ts";

/** What is sent: small messages over several queues, as an application would. */
const LOAD: Partial<CaseOptions> = { receivers: 4, receiverPrograms: 1 };
const PEAK_SECONDS = 5;
/**
 * Messages that wait for their answers: a second's worth or so. When something holds up the machine there are more to each
 * batch until that is made good; with far more, the collector would do most of the work, and they would never be fewer.
 */
const MOST_WAITING = 100_000;
const SAMPLE_MS = 2_000;
/** The first part of the time does not count: heaps find their size, code is compiled, Redis rewrites its file. */
const WARM_UP_PART = 1 / 3;

/** How one quantity did. */
export interface WatchedGrowth extends Growth {
  readonly what: string;
  readonly unit: Watched["unit"];
  readonly grew: boolean;
}

/** What came of it. */
export interface SoakResult {
  readonly minutes: number;
  readonly peakPerSecond: number | null;
  readonly ratePerSecond: number;
  /** What really arrived, over all of the time. */
  readonly messagesPerSecond: number;
  readonly verdict: Verdict;
  readonly growths: readonly WatchedGrowth[];
}

/**
 * Sends at a steady rate for a long time, and watches what must not grow.
 *
 * @param rate messages a second; undefined: half of the peak, which is measured first
 * @throws Error when a message could not be sent, or a program ended
 */
export async function runSoak(
  minutes: number,
  rate: number | undefined,
  complain: (line: string) => void,
): Promise<SoakResult> {
  const peak = rate === undefined ? await measurePeak(complain) : undefined;
  const ratePerSecond = rate ?? Math.round((peak ?? 0) / 2);
  complain(`sending ${ratePerSecond.toLocaleString("en-US")} messages/s for ${minutes} minutes`);
  const options = resolveCaseOptions(LOAD, { rate: ratePerSecond });
  await using system = await startChappeSystem(options, { ...ownPrograms, aofRewrites: true });
  await startReceivers(system, options);
  const startedMs = performance.now();
  await startSenders(system, options, { mostWaiting: MOST_WAITING });
  const series = await watch(sampleTaker(system), minutes * 60_000);
  const { count } = await progressOf(system.receivers);
  const seconds = (performance.now() - startedMs) / 1_000;
  const { verdict } = await collectArrivals(system, options, await stopSenders(system));
  await stopSystem(system);
  return {
    minutes,
    peakPerSecond: peak ?? null,
    ratePerSecond,
    messagesPerSecond: Math.round(count / seconds),
    verdict,
    growths: [...series.values()].map(watchedGrowth),
  };
}

async function measurePeak(complain: (line: string) => void): Promise<number> {
  complain("measuring the peak rate");
  const options = resolveCaseOptions(LOAD, { seconds: PEAK_SECONDS });
  return (await runEndToEnd({ name: "peak", options })).messagesPerSecond;
}

interface Series {
  readonly what: string;
  readonly unit: Watched["unit"];
  readonly samples: Sample[];
}

async function watch(take: () => Promise<Watched[]>, forMs: number): Promise<Map<string, Series>> {
  const series = new Map<string, Series>();
  const startedMs = performance.now();
  for (;;) {
    await delay(SAMPLE_MS);
    const atMs = performance.now() - startedMs;
    if (atMs >= forMs) return series;
    if (atMs < forMs * WARM_UP_PART) continue;
    for (const { what, unit, value } of await take()) {
      let one = series.get(what);
      if (one === undefined) series.set(what, (one = { what, unit, samples: [] }));
      one.samples.push({ atMs, value });
    }
  }
}

function watchedGrowth({ what, unit, samples }: Series): WatchedGrowth {
  const growth = growthOf(samples);
  return { what, unit, ...growth, grew: unit === "handles" ? growth.end > growth.begin : isLeak(growth) };
}
