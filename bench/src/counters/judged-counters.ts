import { median } from "../median.ts";

/** Counts for 100,000 messages. */
type Counters = Readonly<Record<string, number>>;

interface JudgedCounter {
  readonly name: string;
  readonly read: (counters: Counters) => number;
  /** By how much it may grow, by work; 0.05: by 5 %. It is not judged in others. */
  readonly bounds: Readonly<Record<string, number>>;
}

/** Of sender, router and receiver together. */
const ofAllPrograms = (end: string) => (counters: Counters) =>
  Object.entries(counters).reduce((sum, [name, count]) => (name.endsWith(end) ? sum + count : sum), 0);

const named = (name: string) => (counters: Counters) => counters[name] ?? 0;

/** The counters that a change is judged by, each with bounds of several times what it differs by from run to run. */
const judgedCounters: readonly JudgedCounter[] = [
  {
    name: "redisCommands",
    read: named("redisCommands"),
    // In bulk it is chance how many settlements meet in one script. A thousand receivers are swept once a second, and
    // one sweep more within the measured time is a tenth of all commands.
    bounds: { "small-batches": 0.02, bulk: 0.1, "thousand-receivers": 0.15 },
  },
  {
    name: "redisAofBytes",
    read: named("redisAofBytes"),
    bounds: { "small-batches": 0.02, bulk: 0.02, "thousand-receivers": 0.02 },
  },
  {
    name: "writeCalls",
    read: named("writeCalls"),
    // Where frames are large or streams are many, one write takes what the socket happens to have room for.
    bounds: { "small-batches": 0.05 },
  },
  {
    name: "grpcFrames",
    read: ofAllPrograms("GrpcFrames"),
    // In bulk, deliveries and outcomes that wait for their turn go together.
    bounds: { "small-batches": 0.02, bulk: 0.08, "thousand-receivers": 0.02 },
  },
  {
    name: "allocatedBytes",
    read: ofAllPrograms("AllocatedBytes"),
    // In bulk the heap is collected a few times only, and what it was at when measuring began counts.
    bounds: { "small-batches": 0.05, bulk: 0.12, "thousand-receivers": 0.1 },
  },
];

/** A count for each of the counters by which a work is judged, by name. */
export type JudgedCounts = Readonly<Record<string, number>>;

/** What is judged, of all that was counted. */
export function judgedCountsOf(work: string, counters: Counters): JudgedCounts {
  return Object.fromEntries(countersOf(work).map(({ name, read }) => [name, read(counters)]));
}

/** The middle of several runs, counter by counter. @param runs at least one */
export function medianCounts(runs: readonly JudgedCounts[]): JudgedCounts {
  const names = Object.keys(runs[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, Math.round(median(runs.map((counts) => counts[name] ?? 0)))]));
}

/** What became of a counter. */
export interface CounterJudgement {
  readonly counter: string;
  readonly base: number;
  readonly head: number;
  /** Head over base. */
  readonly ratio: number;
  readonly bound: number;
  /** `grew`, `fell`: by more than the bound. */
  readonly verdict: "grew" | "fell" | "same";
}

/**
 * Holds the counts of a work to others of the same work.
 *
 * @throws Error when one of them lacks a counter, or the head counts nothing where the base did: no work does without any of
 * them, so what is not counted any more would pass for saved
 */
export function judgeCounters(work: string, base: JudgedCounts, head: JudgedCounts): CounterJudgement[] {
  return countersOf(work).map(({ name, bounds }) => {
    const bound = bounds[work] ?? 0;
    const [before, after] = [base[name], head[name]];
    if (before === undefined || after === undefined) throw new Error(`${work}: there is no ${name} to hold to`);
    if (after === 0 && before > 0) throw new Error(`${work}: ${name} is not counted any more`);
    const ratio = before === after ? 1 : after / before;
    const verdict = ratio > 1 + bound ? "grew" : ratio < 1 - bound ? "fell" : "same";
    return { counter: name, base: before, head: after, ratio, bound, verdict };
  });
}

function countersOf(work: string): readonly JudgedCounter[] {
  return judgedCounters.filter(({ bounds }) => work in bounds);
}
