#!/usr/bin/env node
import { listCases, optionsFor, selectCases } from "./bench-case.ts";
import { resolveCaseOptions } from "./case-options.ts";
import { allCases } from "./cases.ts";
import { readCommandLine } from "./command-line.ts";
import { runProfile } from "./profile/run-profile.ts";
import { reportTable } from "./report/report-table.ts";
import { writeReport } from "./report/write-report.ts";
import { runSuite } from "./run-suite.ts";

const commandLine = readCommandLine(process.argv.slice(2));
const print = (text: string) => void process.stdout.write(`${text}\n`);
const complain = (line: string) => void process.stderr.write(`${line}\n`);

try {
  switch (commandLine.kind) {
    case "run": {
      const { pattern, over, json, html, list } = commandLine;
      if (list) {
        print(listCases(pattern === undefined ? allCases() : selectCases(allCases(), pattern)));
        break;
      }
      const report = await runSuite({ pattern, over, output: process.stderr });
      writeReport(report, { json, html });
      print(`\n${reportTable(report)}`);
      if (report.failures.length > 0) process.exitCode = 1;
      break;
    }
    case "profile": {
      const endToEnd = allCases().filter(({ kind }) => kind === "end-to-end");
      const [selected] = selectCases(endToEnd, commandLine.pattern);
      if (selected?.kind !== "end-to-end") break;
      const options = resolveCaseOptions(selected.options, optionsFor(selected.kind, commandLine.over));
      complain(`profiling ${selected.name}`);
      const { result, folder, tables } = await runProfile({ name: selected.name, options }, commandLine.what);
      for (const table of tables) print(`\n${table}`);
      print(
        `\n${Math.round(result.messagesPerSecond).toLocaleString("en-US")} messages/s while profiled; profiles: ${folder}`,
      );
      break;
    }
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
  process.exitCode = 1;
}
