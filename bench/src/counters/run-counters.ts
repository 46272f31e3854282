import { readEnvironment } from "../environment.ts";
import { ownPrograms } from "../end-to-end/chappe-system.ts";
import { fixedWorks } from "../fixed-work/fixed-works.ts";
import { runFixedWork, type WorkDuration } from "../fixed-work/run-fixed-work.ts";
import { type ExpectedCounters, readExpectedCounters, writeExpectedCounters } from "./expected-counters.ts";
import {
  type CounterJudgement,
  judgeCounters,
  type JudgedCounts,
  judgedCountsOf,
  medianCounts,
} from "./judged-counters.ts";

const DURATION: WorkDuration = { warmUpSeconds: 1, seconds: 1.5 };

/** A work whose counters grew is done so often: what grew only once was disturbed by something else. */
const ATTEMPTS = 3;

/** What the counters of the working tree are, held to those that are expected. */
export interface CountersRun {
  readonly works: readonly WorkCounters[];
  /** In what the machine differs from where the expected ones were counted, in words. */
  readonly differences: readonly string[];
}

/** What became of one work's counters. */
interface WorkCounters {
  readonly work: string;
  readonly judgements: readonly CounterJudgement[];
}

/**
 * Counts what each fixed work costs, and holds it to bench/counters.json.
 *
 * @throws Error when that file does not know a work
 */
export async function checkCounters(onProgress: (line: string) => void): Promise<CountersRun> {
  const expected = readExpectedCounters();
  const works: WorkCounters[] = [];
  for (const work of fixedWorks) {
    const base = expected.counters[work.name];
    if (base === undefined) throw new Error(`bench/counters.json has no ${work.name}: pnpm bench counters --update`);
    let judgements: readonly CounterJudgement[] = [];
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      onProgress(`${work.name}${attempt > 1 ? `, attempt ${attempt} of ${ATTEMPTS}` : ""}`);
      const latest = judgeCounters(work.name, base, await countsOf(work));
      judgements = judgements.length === 0 ? latest : lower(judgements, latest);
      if (judgements.every(({ verdict }) => verdict !== "grew")) break;
    }
    works.push({ work: work.name, judgements });
  }
  return { works, differences: await differencesFrom(expected) };
}

/** Counts what each fixed work costs, and writes it to bench/counters.json: the middle of three runs. */
export async function updateCounters(onProgress: (line: string) => void): Promise<void> {
  const { node, redis } = await readEnvironment();
  const counters: Record<string, JudgedCounts> = {};
  for (const work of fixedWorks) {
    const runs: JudgedCounts[] = [];
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      onProgress(`${work.name}, run ${attempt} of ${ATTEMPTS}`);
      runs.push(await countsOf(work));
    }
    counters[work.name] = medianCounts(runs);
  }
  writeExpectedCounters({ node, redis, counters });
}

async function countsOf(work: (typeof fixedWorks)[number]): Promise<JudgedCounts> {
  const { counters } = await runFixedWork(work, DURATION, ownPrograms);
  return judgedCountsOf(work.name, counters);
}

/** Counter by counter the attempt with less. */
function lower(some: readonly CounterJudgement[], others: readonly CounterJudgement[]): CounterJudgement[] {
  return some.map((judgement, index) => {
    const other = others[index] ?? judgement;
    return other.ratio < judgement.ratio ? other : judgement;
  });
}

async function differencesFrom(expected: ExpectedCounters): Promise<string[]> {
  const { node, redis } = await readEnvironment();
  return [
    ...(node === expected.node ? [] : [`Node ${node} in place of ${expected.node}`]),
    ...(redis === expected.redis ? [] : [`${redis} in place of ${expected.redis}`]),
  ];
}
