#!/usr/bin/env node
import { readCommandLine } from "./command-line.ts";
import { ExitCode } from "./exit-codes.ts";
import { runSender } from "./run-sender.ts";

const commandLine = readCommandLine(process.argv.slice(2));
switch (commandLine.kind) {
  case "run":
    process.exitCode = await runSender(commandLine.options, process);
    break;
  case "help":
    process.stdout.write(commandLine.text);
    break;
  case "wrong":
    process.stderr.write(commandLine.text);
    process.exitCode = ExitCode.WRONG_USAGE;
    break;
}
