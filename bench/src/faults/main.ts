#!/usr/bin/env node
import { rmSync, writeFileSync } from "node:fs";
import { textTable } from "../report/text-table.ts";
import { readFaultsCommand } from "./faults-command.ts";
import { reportText } from "./report.ts";
import { runFaults } from "./run-faults.ts";
import { schedule } from "./schedule.ts";
import { SITES } from "./stage/redis-site.ts";

const commandLine = readFaultsCommand(process.argv.slice(2));
const print = (line: string) => void process.stdout.write(`${line}\n`);

switch (commandLine.kind) {
  case "run": {
    const { seed, site, durability, minutes, faults, json } = commandLine;
    print(`seed ${seed}`);
    const report = await runFaults({
      seed,
      site,
      durability,
      planned: schedule(seed, faults),
      injectForMs: minutes * 60_000,
      print,
    });
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, undefined, 2)}\n`);
    print(`\n${reportText(report)}`);
    if (report.violations.length > 0) process.exitCode = 1;
    else rmSync(report.folder, { recursive: true });
    break;
  }
  case "list":
    print(
      textTable(
        ["fault", "sites", "what goes wrong"],
        ["left", "left", "left"],
        commandLine.faults.map(({ name, what, sites }) => [
          name,
          sites.length === SITES.length ? "all" : sites.join(", "),
          what,
        ]),
      ),
    );
    break;
  case "help":
    print(commandLine.text);
    break;
  case "wrong":
    process.stderr.write(commandLine.text);
    process.exitCode = 2;
    break;
}
