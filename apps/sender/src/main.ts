#!/usr/bin/env node
import { tellUsage } from "@chappe/command-line";
import { readCommandLine } from "./command-line.ts";
import { runSender } from "./run-sender.ts";

const commandLine = readCommandLine(process.argv.slice(2));
process.exitCode =
  commandLine.kind === "run" ? await runSender(commandLine.options, process) : tellUsage(commandLine, process);
