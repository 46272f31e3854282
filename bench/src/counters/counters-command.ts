import { Command } from "commander";
import { countersTable } from "./counters-table.ts";
import { checkCounters, updateCounters } from "./run-counters.ts";

/** What `pnpm bench counters` asks for. */
export interface CountersRequest {
  readonly kind: "counters";
  readonly update: boolean;
}

/** The subcommand `counters`. */
export function countersCommand(onAsked: (request: CountersRequest) => void): Command {
  return new Command("counters")
    .description("Hold what does not depend on the machine to bench/counters.json. Takes about 20 s.")
    .helpOption("-h, --help", "show this help")
    .option("--update", "write bench/counters.json anew, in about a minute")
    .addHelpText("after", "\nExit codes: 0, or 1 when a counter grew beyond its bound.")
    .action(({ update = false }: { update?: boolean }) => onAsked({ kind: "counters", update }));
}

/** Does what was asked for. @returns the exit code */
export async function runCountersCommand(
  { update }: CountersRequest,
  print: (text: string) => void,
  complain: (line: string) => void,
): Promise<number> {
  if (update) {
    await updateCounters(complain);
    return 0;
  }
  const run = await checkCounters(complain);
  print(`\n${countersTable(run)}`);
  return run.works.some(({ judgements }) => judgements.some(({ verdict }) => verdict === "grew")) ? 1 : 0;
}
