import { CommanderError } from "commander";
import { senderCommand } from "./flags.ts";
import { headerProblem } from "./message-header.ts";
import { checkOptions } from "./options.ts";
import type { SenderOptions } from "./options.ts";

/** What a command line asks for. */
export type CommandLine =
  | { readonly kind: "run"; readonly options: SenderOptions }
  | { readonly kind: "help"; readonly text: string }
  /** The text says what is wrong and what is allowed. */
  | { readonly kind: "wrong"; readonly text: string };

/**
 * Reads a command line, and CHAPPE_ROUTERS for routers it does not name.
 *
 * @param argv what follows the program's name
 */
export function readCommandLine(argv: readonly string[]): CommandLine {
  let help = "";
  let complaint = "";
  const command = senderCommand()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => (help += text),
      writeErr: (text) => (complaint += text),
    });
  try {
    command.parse(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? { kind: "help", text: help } : { kind: "wrong", text: complaint };
  }
  const checked = checkOptions(command.opts(), command.args);
  if ("problems" in checked) return wrong(checked.problems);
  const problem = headerProblem(checked.options);
  return problem === undefined ? { kind: "run", options: checked.options } : wrong([problem]);
}

function wrong(problems: readonly string[]): CommandLine {
  const lines = problems.map((problem) => `error: ${problem}\n`);
  return { kind: "wrong", text: `${lines.join("")}(--help lists what is allowed)\n` };
}
