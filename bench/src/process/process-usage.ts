import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** What a process has used since it began, as the kernel counts it. */
export interface ProcessUsage {
  /** User and system time of all its threads. */
  readonly cpuMicros: number;
  /** Calls of write and its relatives: to sockets, pipes and files. */
  readonly writeCalls: number;
  readonly residentBytes: number;
}

/** Makes a reader of the usage of any process of this user. Linux only: it reads /proc. */
export function processUsageReader(): (pid: number) => ProcessUsage {
  const microsPerTick = 1_000_000 / Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
  return (pid) => ({
    cpuMicros: cpuTicks(readFileSync(`/proc/${pid}/stat`, "utf8")) * microsPerTick,
    writeCalls: field(readFileSync(`/proc/${pid}/io`, "utf8"), /^syscw: (\d+)/m),
    residentBytes: field(readFileSync(`/proc/${pid}/status`, "utf8"), /^VmRSS:\s*(\d+) kB/m) * 1_024,
  });
}

/** User plus system time of a /proc/<pid>/stat, in clock ticks (proc_pid_stat(5), fields 14 and 15). */
export function cpuTicks(stat: string): number {
  // The program's name stands in parentheses, and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

function field(text: string, pattern: RegExp): number {
  return Number(pattern.exec(text)?.[1] ?? 0);
}
