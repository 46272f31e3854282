import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { readEnvironment } from "../environment.ts";
import { selectWorks } from "../fixed-work/fixed-works.ts";
import { count, duration, parseOptions } from "../option-values.ts";
import { resolveCommit, temporaryCheckout, workingTree } from "./checkout.ts";
import { type CompareReport, compareTable, regressionsOf } from "./compare-report.ts";
import { FIRST_LOOK_BLOCKS } from "./judge-cpu.ts";
import { runCompare } from "./run-compare.ts";
import { slowedCheckout } from "./slowed-checkout.ts";

/** What `pnpm bench compare` asks for. */
export interface CompareRequest {
  readonly kind: "compare";
  readonly ref: string;
  /** Which works; undefined: all. */
  readonly pattern: RegExp | undefined;
  readonly blocks: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** By how much to slow the head down on purpose, in percent of the CPU time; undefined: compare the working tree. */
  readonly plantPercent: number | undefined;
  readonly json: string | undefined;
}

const shape = {
  blocks: count(FIRST_LOOK_BLOCKS, 100),
  seconds: duration(0.5, 600),
  warmUpSeconds: duration(0, 600),
  /** Percent. */
  plant: duration(0, 1_000),
};

const defaults = { blocks: 8, seconds: 1.2, warmUpSeconds: 0.8, plant: undefined };

/** The subcommand `compare`. @param patternOf makes a pattern of a text, or throws */
export function compareCommand(
  patternOf: (text: string | undefined) => RegExp | undefined,
  onAsked: (request: CompareRequest) => void,
): Command {
  return new Command("compare")
    .description("Hold the working tree, with what is not committed, to another commit. Takes 1½ to 3 minutes.")
    .helpOption("-h, --help", "show this help")
    .argument("<git-ref>", "the base: a commit, branch or tag")
    .option("--works <pattern>", "regular expression for the names of the works; without it all three")
    .option("--blocks <n>", "at most so many blocks, in which both sides take turns, 4 to 100 (default: 8)")
    .option("--seconds <n>", "how long each side is measured in a block, 0.5 to 600 (default: 1.2)")
    .option("--warm-up-seconds <n>", "how long each side sends before, 0 to 600 (default: 0.8)")
    .option("--json <file>", "also write everything that was measured there")
    .option("--plant <percent>", "compare the base with itself, slowed down by so much: would it be noticed?")
    .addHelpText("after", "\nExit codes: 0, or 1 when the head is worse for certain, or 2 for what cannot be compared.")
    .action((ref: string, { works, json, ...raw }: Record<string, string>) => {
      const { plant, ...rest } = { ...defaults, ...parseOptions(shape, raw) };
      onAsked({ kind: "compare", ref, pattern: patternOf(works), ...rest, plantPercent: plant, json });
    });
}

/** Does what was asked for. @returns the exit code */
export async function runCompareCommand(
  request: CompareRequest,
  print: (text: string) => void,
  complain: (line: string) => void,
): Promise<number> {
  const { ref, blocks, plantPercent, json } = request;
  const works = selectWorks(request.pattern);
  const environment = await readEnvironment();
  const commit = await resolveCommit(ref);
  const name = `${ref}, ${commit.slice(0, 12)}`;
  using base = await temporaryCheckout(commit, name);
  const length = { warmUpSeconds: request.warmUpSeconds, seconds: request.seconds };
  using slowed =
    plantPercent === undefined
      ? undefined
      : await slowedCheckout(commit, { base, percent: plantPercent, duration: length });
  const head = slowed ?? (await workingTree());
  const compared = await runCompare({
    checkouts: { base, head },
    works,
    blocks,
    duration: length,
    beforeBlock: slowed?.prepareFor,
    onProgress: complain,
  });
  const regressions = regressionsOf(compared);
  const report: CompareReport = {
    schema: "chappe-bench-compare/1",
    base: base.description,
    head: head.description,
    environment,
    works: compared,
    regressions,
  };
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  print(`\n${compareTable(report)}`);
  return regressions.length > 0 ? 1 : 0;
}
