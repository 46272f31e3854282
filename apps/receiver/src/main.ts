#!/usr/bin/env node
import { readCommandLine } from "./command-line.ts";
import { ExitCode } from "./exit-codes.ts";
import { runReceiver } from "./run-receiver.ts";

const commandLine = readCommandLine(process.argv.slice(2));
switch (commandLine.kind) {
  case "run":
    // A reader that has stopped reading would keep the process alive; what it has not read was given back.
    process.exit(await runReceiver(commandLine.options, process));
  case "help":
    process.stdout.write(commandLine.text);
    break;
  case "wrong":
    process.stderr.write(commandLine.text);
    process.exitCode = ExitCode.WRONG_USAGE;
    break;
}
