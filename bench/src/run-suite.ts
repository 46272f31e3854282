import { type BenchCase, checkOverridesApply, selectCases } from "./bench-case.ts";
import type { Overrides } from "./case-options.ts";
import { allCases } from "./cases.ts";
import { readCommit, readEnvironment } from "./environment.ts";
import { expectedSeconds } from "./expected-seconds.ts";
import { ratiosOf } from "./ratios.ts";
import { runCase } from "./run-case.ts";
import { type CaseFailure, type CaseResult, type Report, RESULT_SCHEMA } from "./result-schema.ts";
import { type ProgressOutput, SuiteProgress } from "./suite-progress.ts";

/** What to run, and where to show how far it is. */
export interface SuiteRun {
  /** What there is to run. @default the quick suite */
  readonly cases?: readonly BenchCase[];
  /** Which cases; undefined: all. */
  readonly pattern: RegExp | undefined;
  readonly over: Overrides;
  readonly output: ProgressOutput;
}

/** Runs cases, one after the other. A case that fails does not keep the others from running. */
export async function runSuite({ cases: candidates = allCases(), pattern, over, output }: SuiteRun): Promise<Report> {
  const cases = selectCases(candidates, pattern);
  checkOverridesApply(cases, over);
  const environment = await readEnvironment();
  const results: CaseResult[] = [];
  const failures: CaseFailure[] = [];
  const planned = cases.map((each) => ({ name: each.name, seconds: expectedSeconds(each, over) }));
  using progress = new SuiteProgress(planned, output);
  for (const each of cases) {
    progress.next();
    try {
      results.push(await runCase(each, over));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      failures.push({ name: each.name, reason });
      progress.tell(`FAILED ${each.name}: ${reason}`);
    }
  }
  return {
    schema: RESULT_SCHEMA,
    commit: await readCommit(),
    environment,
    results,
    failures,
    ratios: ratiosOf(results),
  };
}
