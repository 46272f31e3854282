import type { CaseOptions, Overrides } from "./case-options.ts";
import type { CaseResult } from "./result-schema.ts";

/** Something that is measured under a name. */
export type BenchCase =
  /** Sends through the whole system, each part a process of its own; can be profiled. */
  | { readonly kind: "end-to-end"; readonly name: string; readonly options: Partial<CaseOptions> }
  /** What Redis alone can do. */
  | { readonly kind: "redis-limit"; readonly name: string; readonly options: Partial<CaseOptions> }
  /** One part in this process; has no options. */
  | { readonly kind: "micro"; readonly name: string; readonly run: () => Promise<CaseResult> };

/** Cases whose name a pattern matches, in their order. @throws Error that lists the names when none does */
export function selectCases(cases: readonly BenchCase[], pattern: RegExp | undefined): BenchCase[] {
  const selected = cases.filter(({ name }) => pattern === undefined || pattern.test(name));
  if (selected.length > 0) return selected;
  throw new Error(`no case matches ${String(pattern)}; there are\n${cases.map(({ name }) => `  ${name}`).join("\n")}`);
}

/** Options that micro benches do not have: asking for them and running nothing else would be a misunderstanding. */
export function checkOverridesApply(cases: readonly BenchCase[], over: Overrides): void {
  const given = Object.keys(over);
  if (given.length > 0 && cases.every(({ kind }) => kind === "micro")) {
    throw new Error(`${given.join(", ")}: none of the selected cases has options`);
  }
}
