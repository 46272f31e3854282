import { addTlsFlags } from "@chappe/command-line";
import { parseStartFrom, START_FROM_ALLOWED, type StartFrom } from "@chappe/message";
import { Command, InvalidArgumentError, Option } from "commander";

/** What every command was given. */
export interface CommonFlags {
  readonly router: string;
  readonly json?: boolean;
  readonly yes?: boolean;
  readonly timeoutMs: number;
  readonly tls?: boolean;
  readonly tlsCa?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

const EXAMPLES = `
Examples:
  chappe addresses topic:
  chappe peek receiver:receiver-01 --body
  chappe dead list topic:orders --subscription billing
  chappe dead redrive topic:orders --subscription billing --reason "no such order"
  chappe seek topic:orders --subscription billing --to 2026-11-25T09:30:00Z
  chappe delete subscription topic:orders old-billing --yes

It asks a router that serves operators (CHAPPE_ADMIN_LISTEN). Answers go to standard output, everything else to standard
error. What deletes or moves something asks first; where there is no terminal to ask at, it needs --yes.

Exit codes:
  0    done
  1    the router cannot be reached or refused, or the question was answered with no
  2    wrong usage, or a question without a terminal and without --yes
  130  Ctrl-C (143: SIGTERM): what a redrive or purge had done is done, and begun anew it does the rest
`;

/** The program's name, the flags of every command, and its help. The commands are in command-line.ts. */
export function chappeCommand(): Command {
  const command = new Command("chappe")
    .description("See what is stuck, and repair it.")
    .helpOption("-h, --help", "show this help")
    .optionsGroup("Every command:")
    .option("--json", "print one JSON document")
    .option("--yes", "do not ask first")
    .addOption(
      new Option("--router <host:port>", "where a router serves operators")
        .env("CHAPPE_ROUTER")
        .default("localhost:9070"),
    )
    .option("--timeout-ms <ms>", "how long one answer may take", wholeNumber(1, 3_600_000), 30_000);
  return addTlsFlags(command, "the router")
    .configureHelp({ showGlobalOptions: true })
    .helpCommand(false)
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("(--help lists what is allowed)");
}

/** Reads a whole number, for commander. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    if (/^\d{1,15}$/.test(text) && Number(text) >= min && Number(text) <= max) return Number(text);
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

/** Reads a position in what a topic keeps, for commander. */
export function startPosition(text: string): StartFrom {
  try {
    return parseStartFrom(text, "--to");
  } catch {
    throw new InvalidArgumentError(`It must be ${START_FROM_ALLOWED}.`);
  }
}
