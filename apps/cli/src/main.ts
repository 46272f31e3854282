#!/usr/bin/env node
import { ExitCode, tellUsage } from "@chappe/command-line";
import { readCommandLine } from "./command-line.ts";
import { runChappe } from "./run-chappe.ts";

const commandLine = readCommandLine(process.argv.slice(2));
if (commandLine.kind === "run") {
  // Whoever reads only the beginning, as `head` does, has what it wants.
  process.stdout.on("error", () => process.exit(ExitCode.OK));
  process.exitCode = await runChappe(commandLine.task, commandLine.flags, process);
} else {
  process.exitCode = tellUsage(commandLine, process);
}
