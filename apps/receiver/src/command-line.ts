import { readArguments, type Usage, wrongUsage } from "@chappe/command-line";
import { receiverCommand } from "./flags.ts";
import { checkOptions, type ReceiverOptions } from "./options.ts";

/** What a command line asks for. */
export type CommandLine = { readonly kind: "run"; readonly options: ReceiverOptions } | Usage;

/**
 * Reads a command line, and CHAPPE_ROUTERS for routers it does not name.
 *
 * @param argv what follows the program's name
 */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const command = receiverCommand();
  const usage = readArguments(command, argv);
  if (usage !== undefined) return usage;
  const checked = checkOptions(command.opts(), command.args[0]);
  return "problems" in checked ? wrongUsage(checked.problems) : { kind: "run", options: checked.options };
}
