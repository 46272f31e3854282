import { readArguments, type Usage, wrongUsage } from "@chappe/command-line";
import { senderCommand } from "./flags.ts";
import { headerProblem } from "./message-header.ts";
import { checkOptions, type SenderOptions } from "./options.ts";

/** What a command line asks for. */
export type CommandLine = { readonly kind: "run"; readonly options: SenderOptions } | Usage;

/**
 * Reads a command line, and CHAPPE_ROUTERS for routers it does not name.
 *
 * @param argv what follows the program's name
 */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const command = senderCommand();
  const usage = readArguments(command, argv);
  if (usage !== undefined) return usage;
  const checked = checkOptions(command.opts(), command.args);
  if ("problems" in checked) return wrongUsage(checked.problems);
  const problem = headerProblem(checked.options);
  return problem === undefined ? { kind: "run", options: checked.options } : wrongUsage([problem]);
}
