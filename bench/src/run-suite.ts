import { checkOverridesApply, selectCases } from "./bench-case.ts";
import type { Overrides } from "./case-options.ts";
import { allCases } from "./cases.ts";
import { readCommit, readEnvironment } from "./environment.ts";
import { ratiosOf } from "./ratios.ts";
import { runCase } from "./run-case.ts";
import { type CaseFailure, type CaseResult, type Report, RESULT_SCHEMA } from "./result-schema.ts";

/** What to run, and where to tell about it. */
export interface SuiteRun {
  /** Which cases; undefined: all. */
  readonly pattern: RegExp | undefined;
  readonly over: Overrides;
  /** Told each line of progress. */
  readonly onProgress: (line: string) => void;
}

/** Runs cases, one after the other. A case that fails does not keep the others from running. */
export async function runSuite({ pattern, over, onProgress }: SuiteRun): Promise<Report> {
  const cases = selectCases(allCases(), pattern);
  checkOverridesApply(cases, over);
  const environment = await readEnvironment();
  const results: CaseResult[] = [];
  const failures: CaseFailure[] = [];
  for (const [index, each] of cases.entries()) {
    onProgress(`[${index + 1}/${cases.length}] ${each.name}`);
    try {
      results.push(await runCase(each, over));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      failures.push({ name: each.name, reason });
      onProgress(`FAILED ${each.name}: ${reason}`);
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
