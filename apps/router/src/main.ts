#!/usr/bin/env node
import { readCommandLine } from "./command-line.ts";
import { ExitCode } from "./exit-codes.ts";
import { runHealth } from "./run-health.ts";
import { runRouter } from "./run-router.ts";

const commandLine = readCommandLine(process.argv.slice(2));
switch (commandLine.kind) {
  case "run":
    process.exitCode = await runRouter(commandLine.options, process.stdout);
    break;
  case "health":
    process.exitCode = await runHealth(commandLine.options, process);
    break;
  case "help":
    process.stdout.write(commandLine.text);
    break;
  case "wrong":
    process.stderr.write(commandLine.text);
    process.exitCode = ExitCode.WRONG_USAGE;
    break;
}
