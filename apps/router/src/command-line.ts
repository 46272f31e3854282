import { readArguments, type Usage, wrongUsage } from "@chappe/command-line";
import { type HealthFlags, routerCommand } from "./flags.ts";
import { checkOptions, type RouterAppOptions } from "./options.ts";

/** What a command line asks for. */
export type CommandLine =
  | { readonly kind: "run"; readonly options: RouterAppOptions }
  | { readonly kind: "health"; readonly options: HealthOptions }
  | Usage;

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
  let health: HealthFlags | undefined;
  const command = routerCommand((flags) => (health = flags));
  const usage = readArguments(command, argv);
  if (usage !== undefined) return usage;
  if (health !== undefined) return readHealth(health);
  const checked = checkOptions(command.opts(), (name) => command.getOptionValueSource(name));
  return "problems" in checked ? wrongUsage(checked.problems) : { kind: "run", options: checked.options };
}

function readHealth({ address, timeoutMs, tlsCa }: HealthFlags): CommandLine {
  if (!/^[1-9]\d{0,5}$/.test(timeoutMs)) {
    return wrongUsage([`--timeout-ms "${timeoutMs}": must be a whole number from 1 to 999999`]);
  }
  return { kind: "health", options: { address, timeoutMs: Number(timeoutMs), tlsCa } };
}
