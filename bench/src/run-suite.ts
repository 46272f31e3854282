import { writeFileSync } from "node:fs";
import { type BenchCase, checkOverridesApply, selectCases } from "./bench-case.ts";
import { type Overrides, resolveCaseOptions } from "./case-options.ts";
import { allCases } from "./cases.ts";
import { runEndToEnd } from "./end-to-end/run-end-to-end.ts";
import { readCommit, readEnvironment } from "./environment.ts";
import { ratiosOf } from "./ratios.ts";
import { runRedisLimit } from "./redis/redis-limit.ts";
import { reportTable } from "./report/report-table.ts";
import { type CaseResult, type Report, report, RESULT_SCHEMA } from "./result-schema.ts";

/** What to run, and where to tell about it. */
export interface SuiteRun {
  /** Which cases; undefined: all. */
  readonly pattern: RegExp | undefined;
  readonly over: Overrides;
  /** File for the results as JSON. */
  readonly json: string | undefined;
  /** Told each line of progress. */
  readonly onProgress: (line: string) => void;
}

/**
 * Runs cases, one after the other, and returns the table of their results. A case that fails does not keep the others
 * from running.
 */
export async function runSuite({
  pattern,
  over,
  json,
  onProgress,
}: SuiteRun): Promise<{ table: string; failures: number }> {
  const cases = selectCases(allCases(), pattern);
  checkOverridesApply(cases, over);
  const environment = await readEnvironment();
  const results: CaseResult[] = [];
  let failures = 0;
  for (const [index, each] of cases.entries()) {
    onProgress(`[${index + 1}/${cases.length}] ${each.name}`);
    try {
      results.push(await runCase(each, over));
    } catch (error) {
      failures++;
      onProgress(`FAILED ${each.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const whole: Report = report.parse({
    schema: RESULT_SCHEMA,
    commit: await readCommit(),
    environment,
    results,
    ratios: ratiosOf(results),
  });
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(whole, null, 2)}\n`);
  return { table: reportTable(whole), failures };
}

async function runCase(each: BenchCase, over: Overrides): Promise<CaseResult> {
  const { name } = each;
  switch (each.kind) {
    case "end-to-end":
      return await runEndToEnd({ name, options: resolveCaseOptions(each.options, over) });
    case "redis-limit":
      return await runRedisLimit(name, resolveCaseOptions(each.options, over));
    case "micro":
      return await each.run();
  }
}
