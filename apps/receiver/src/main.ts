#!/usr/bin/env node
import { tellUsage } from "@chappe/command-line";
import { readCommandLine } from "./command-line.ts";
import { runReceiver } from "./run-receiver.ts";

const commandLine = readCommandLine(process.argv.slice(2));
if (commandLine.kind === "run") {
  // A reader that has stopped reading would keep the process alive; what it has not read was given back.
  process.exit(await runReceiver(commandLine.options, process));
}
process.exitCode = tellUsage(commandLine, process);
