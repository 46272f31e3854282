import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { z } from "zod";
import { duration, parseOptions, rate } from "../option-values.ts";
import { isSound } from "./judge-soak.ts";
import { runSoak } from "./run-soak.ts";
import { soakTable } from "./soak-table.ts";

const shape = {
  /** How long to go on, the warm-up included. */
  minutes: duration(3, 10_080),
  rate: rate.pipe(z.number({ error: '"max" leaves nothing to spare: ask for a number, as from 1 to 1,000,000' })),
};

/** What `pnpm bench soak` asks for. */
export interface SoakRequest {
  readonly kind: "soak";
  readonly minutes: number;
  /** Messages a second; undefined: half of what the system can carry, which is measured first. */
  readonly rate: number | undefined;
  /** File for the result. */
  readonly json: string | undefined;
}

/** The subcommand `soak`. */
export function soakCommand(onAsked: (request: SoakRequest) => void): Command {
  return new Command("soak")
    .description("Send for a long time, and tell whether anything grows: memory, or files and sockets held open.")
    .helpOption("-h, --help", "show this help")
    .option("--minutes <n>", "how long, from 3: the first third is the warm-up (default: 30)")
    .option("--rate <n>", "messages a second (default: half of the peak rate, which is measured first)")
    .option("--json <file>", "also write the result there, as bench/README.md describes it")
    .addHelpText("after", "\nExit codes: 0, or 1 when something grew, a message came to harm or the rate was not kept.")
    .action(({ json, ...raw }: Record<string, string>) => {
      const { minutes = 30, rate: asked } = parseOptions(shape, raw);
      onAsked({ kind: "soak", minutes, rate: asked, json });
    });
}

/** Does what was asked for. @returns the exit code */
export async function runSoakCommand(
  { minutes, rate: asked, json }: SoakRequest,
  print: (text: string) => void,
  complain: (line: string) => void,
): Promise<number> {
  const result = await runSoak(minutes, asked, complain);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`);
  print(`\n${soakTable(result)}`);
  return isSound(result) ? 0 : 1;
}
