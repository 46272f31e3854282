import type { CaseOptions, Overrides } from "./case-options.ts";
import { flagOf } from "./option-values.ts";
import { UsageError } from "./usage-error.ts";
import type { CaseResult } from "./result-schema.ts";

/** Something that is measured under a name. */
export type BenchCase = {
  readonly name: string;
  /** Takes long, or much of the machine: runs only when a pattern matches the last part of its name. */
  readonly onDemand?: true;
} & (
  | { readonly kind: SystemKind; readonly options: Partial<CaseOptions> }
  /** One part in this process; has no options. */
  | { readonly kind: "micro"; readonly run: () => Promise<CaseResult> }
  /** A load by a tool of others, which has its own options; takes about so many seconds. */
  | { readonly kind: "load"; readonly seconds: number; readonly run: () => Promise<CaseResult> }
);

/**
 * - `end-to-end`: sends through the whole system, each part a process of its own
 * - `backlog`: the whole system too, but nobody receives before all is sent
 * - `xadd`, `set-get`: what Redis alone can do
 */
export type SystemKind = "end-to-end" | "backlog" | "xadd" | "set-get";

const END_TO_END = [
  "bodyBytes",
  "routers",
  "senders",
  "receivers",
  "topics",
  "subscriptions",
  "receiverPrograms",
  "connections",
  "rate",
  "concurrency",
  "aof",
  "redisMasters",
  "seconds",
  "warmUpSeconds",
] as const satisfies readonly (keyof CaseOptions)[];

/** The options that each kind of case has. */
const optionsOfKind: Readonly<Record<BenchCase["kind"], readonly (keyof CaseOptions)[]>> = {
  "end-to-end": END_TO_END,
  backlog: [
    "bodyBytes",
    "routers",
    "senders",
    "receivers",
    "receiverPrograms",
    "connections",
    "concurrency",
    "aof",
    "messages",
  ],
  xadd: ["bodyBytes", "concurrency", "aof", "seconds"],
  "set-get": ["bodyBytes", "concurrency", "aof", "seconds"],
  micro: [],
  load: [],
};

/** What of some options a kind of case has. */
export function optionsFor<Options extends Partial<CaseOptions>>(kind: BenchCase["kind"], options: Options): Options {
  const known: readonly string[] = optionsOfKind[kind];
  return Object.fromEntries(Object.entries(options).filter(([name]) => known.includes(name))) as Options;
}

/**
 * Cases whose name a pattern matches, in their order; without one, all but those that run on demand.
 *
 * @throws UsageError that lists the names when none does
 */
export function selectCases(cases: readonly BenchCase[], pattern: RegExp | undefined): BenchCase[] {
  const selected = cases.filter(({ name, onDemand }) => {
    if (pattern === undefined) return onDemand !== true;
    return pattern.test(onDemand === true ? lastPart(name) : name);
  });
  if (selected.length > 0) return selected;
  throw new UsageError(`no case matches ${String(pattern)}; there are\n${listCases(cases)}`);
}

/** The names of cases, a line for each. */
export function listCases(cases: readonly BenchCase[]): string {
  return cases.map(({ name, onDemand }) => (onDemand === true ? `${name} (on demand)` : name)).join("\n");
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** Asking for an option that none of the selected cases has would be a misunderstanding. @throws UsageError that names it */
export function checkOverridesApply(cases: readonly BenchCase[], over: Overrides): void {
  const foreign = Object.keys(over).filter((name) =>
    cases.every(({ kind }) => !optionsOfKind[kind].includes(name as keyof CaseOptions)),
  );
  if (foreign.length > 0)
    throw new UsageError(`${foreign.map(flagOf).join(", ")}: none of the selected cases has this option`);
}
