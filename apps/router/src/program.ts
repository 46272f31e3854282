import { tellUsage } from "@chappe/command-line";
import { readCommandLine } from "./command-line.ts";
import { runHealth } from "./run-health.ts";
import { outliveReader } from "./outlive-reader.ts";
import { runRouter } from "./run-router.ts";

/** Does what the command line asks for. Resolves with the exit code. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  const commandLine = readCommandLine(argv);
  switch (commandLine.kind) {
    case "run":
      outliveReader(process.stdout);
      return runRouter(commandLine.options, process.stdout);
    case "health":
      return runHealth(commandLine.options, process);
    case "help":
    case "wrong":
      return tellUsage(commandLine, process);
  }
}
