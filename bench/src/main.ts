#!/usr/bin/env node
import { checkOverridesApply, listCases, selectCases } from "./bench-case.ts";
import { allCases } from "./cases.ts";
import { readCommandLine } from "./command-line.ts";
import { peersTable } from "./peers/peers-table.ts";
import { chappeFailed, runPeers } from "./peers/run-peers.ts";
import { loadCases } from "./load/load-case.ts";
import { installLoadTools } from "./load/tools/install-load-tools.ts";
import { runCompareCommand } from "./compare/compare-command.ts";
import { runCountersCommand } from "./counters/counters-command.ts";
import { runProfile } from "./profile/run-profile.ts";
import { reportTable } from "./report/report-table.ts";
import { type ReportFiles, writeReport } from "./report/write-report.ts";
import { runCase } from "./run-case.ts";
import type { Report } from "./result-schema.ts";
import { runSuite } from "./run-suite.ts";
import { runSoakCommand } from "./soak/soak-command.ts";
import { UsageError } from "./usage-error.ts";

const commandLine = readCommandLine(process.argv.slice(2));
const print = (text: string) => void process.stdout.write(`${text}\n`);
const complain = (line: string) => void process.stderr.write(`${line}\n`);

function finish(report: Report, files: ReportFiles): void {
  writeReport(report, files);
  print(`\n${reportTable(report)}`);
  if (report.failures.length > 0) process.exitCode = 1;
}

try {
  switch (commandLine.kind) {
    case "run": {
      const { pattern, over, json, html, list } = commandLine;
      if (list) {
        print(listCases(pattern === undefined ? allCases() : selectCases(allCases(), pattern)));
        break;
      }
      finish(await runSuite({ pattern, over, output: process.stderr }), { json, html });
      break;
    }
    case "profile": {
      const { what, pattern, over } = commandLine;
      const profiled = allCases().filter(({ kind }) => kind === "end-to-end" || kind === "backlog");
      const [selected] = selectCases(profiled, pattern);
      if (selected === undefined) break;
      checkOverridesApply([selected], over);
      complain(`profiling ${selected.name}`);
      const { result, folder, tables } = await runProfile((request) => runCase(selected, over, request), what);
      for (const table of tables) print(`\n${table}`);
      print(
        `\n${Math.round(result.messagesPerSecond).toLocaleString("en-US")} messages/s while profiled; profiles: ${folder}`,
      );
      break;
    }
    case "peers": {
      const report = await runPeers({ ...commandLine, output: process.stderr });
      writeReport(report, commandLine);
      print(`\n${peersTable(report)}`);
      if (chappeFailed(report)) process.exitCode = 1;
      break;
    }
    case "load": {
      const { plan, files } = commandLine;
      const cases = loadCases(plan);
      finish(await runSuite({ cases, pattern: undefined, over: {}, output: process.stderr }), files);
      break;
    }
    case "tools":
      await installLoadTools(print);
      break;
    case "compare":
      process.exitCode = await runCompareCommand(commandLine, print, complain);
      break;
    case "counters":
      process.exitCode = await runCountersCommand(commandLine, print, complain);
      break;
    case "soak":
      process.exitCode = await runSoakCommand(commandLine, print, complain);
      break;
    case "help":
      process.stdout.write(commandLine.text);
      break;
    case "wrong":
      process.stderr.write(commandLine.text);
      process.exitCode = 2;
      break;
  }
} catch (error) {
  complain(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
