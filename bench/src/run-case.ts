import { type BenchCase, optionsFor } from "./bench-case.ts";
import { type Overrides, resolveCaseOptions } from "./case-options.ts";
import { runBacklog } from "./end-to-end/run-backlog.ts";
import { runEndToEnd } from "./end-to-end/run-end-to-end.ts";
import type { ProfileRequest } from "./end-to-end/take-profiles.ts";
import { runSetGet } from "./redis/run-set-get.ts";
import { runXadd } from "./redis/run-xadd.ts";
import type { CaseResult } from "./result-schema.ts";

/**
 * Runs a case.
 *
 * @param over what the command line changes about cases, as far as this one has it
 * @param profile which profile to take, of kinds of cases that can be profiled
 */
export async function runCase(each: BenchCase, over: Overrides, profile?: ProfileRequest): Promise<CaseResult> {
  const { name } = each;
  if (each.kind === "micro" || each.kind === "load") return await each.run();
  const options = resolveCaseOptions(each.options, optionsFor(each.kind, over));
  switch (each.kind) {
    case "end-to-end":
      return await runEndToEnd({ name, options, profile });
    case "backlog":
      return await runBacklog({ name, options, profile });
    case "xadd":
      return await runXadd(name, options);
    case "set-get":
      return await runSetGet(name, options);
  }
}
