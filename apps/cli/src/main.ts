#!/usr/bin/env node
import { readCommandLine } from "./command-line.ts";
import { ExitCode } from "./exit-codes.ts";
import { runChappe } from "./run-chappe.ts";

const commandLine = readCommandLine(process.argv.slice(2));
switch (commandLine.kind) {
  case "run":
    // Whoever reads only the beginning, as `head` does, has what it wants.
    process.stdout.on("error", () => process.exit(ExitCode.OK));
    process.exitCode = await runChappe(commandLine.task, commandLine.flags, process);
    break;
  case "help":
    process.stdout.write(commandLine.text);
    break;
  case "wrong":
    process.stderr.write(commandLine.text);
    process.exitCode = ExitCode.WRONG_USAGE;
    break;
}
