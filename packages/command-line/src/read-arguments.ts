import { type Command, CommanderError } from "commander";
import type { Usage } from "./usage.ts";

/**
 * Has `command` read what follows the program's name. What it has read is then in `command`; its actions have run.
 *
 * @returns what to tell in place of running: the help that was asked for, or what is wrong; undefined: run
 * @throws whatever an action throws
 */
export function readArguments(command: Command, argv: readonly string[]): Usage | undefined {
  let help = "";
  let complaint = "";
  for (const each of withSubcommands(command)) {
    each.exitOverride().configureOutput({
      writeOut: (text) => (help += text),
      writeErr: (text) => (complaint += text),
    });
  }
  try {
    command.parse(argv, { from: "user" });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? { kind: "help", text: help } : { kind: "wrong", text: complaint };
  }
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}
