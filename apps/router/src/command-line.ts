import { CommanderError } from "commander";
import { type HealthFlags, routerCommand } from "./flags.ts";
import { checkOptions, type RouterAppOptions } from "./options.ts";

/** What a command line asks for. */
export type CommandLine =
  | { readonly kind: "run"; readonly options: RouterAppOptions }
  | { readonly kind: "health"; readonly options: HealthOptions }
  | { readonly kind: "help"; readonly text: string }
  /** The text says what is wrong and what is allowed. */
  | { readonly kind: "wrong"; readonly text: string };

/** Whom to ask for health, and how. */
export interface HealthOptions {
  readonly address: string;
  readonly timeoutMs: number;
  /** Path of a PEM file. */
  readonly tlsCa: string | undefined;
}

/**
 * Reads a command line, and from the environment what it does not name.
 *
 * @param argv what follows the program's name
 */
export function readCommandLine(argv: readonly string[]): CommandLine {
  let help = "";
  let complaint = "";
  let health: HealthFlags | undefined;
  const command = routerCommand((flags) => (health = flags));
  for (const each of [command, ...command.commands]) {
    each.exitOverride().configureOutput({
      writeOut: (text) => (help += text),
      writeErr: (text) => (complaint += text),
    });
  }
  try {
    command.parse(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? { kind: "help", text: help } : { kind: "wrong", text: complaint };
  }
  if (health !== undefined) return readHealth(health);
  const checked = checkOptions(command.opts(), (name) => command.getOptionValueSource(name));
  return "problems" in checked ? wrong(checked.problems) : { kind: "run", options: checked.options };
}

function readHealth({ address, timeoutMs, tlsCa }: HealthFlags): CommandLine {
  if (!/^[1-9]\d{0,5}$/.test(timeoutMs)) {
    return wrong([`--timeout-ms "${timeoutMs}": must be a whole number from 1 to 999999`]);
  }
  return { kind: "health", options: { address, timeoutMs: Number(timeoutMs), tlsCa } };
}

function wrong(problems: readonly string[]): CommandLine {
  const lines = problems.map((problem) => `error: ${problem}\n`);
  return { kind: "wrong", text: `${lines.join("")}(--help lists what is allowed)\n` };
}
