import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { threadsCpuMicros } from "./threads-cpu.ts";

/** What a process has used since it began, as the kernel counts it. */
export interface ProcessUsage {
  /** User and system time of all its threads. */
  readonly cpuMicros: number;
  /** Calls of write and its relatives by the main thread: to sockets, pipes and files. Node's others only wake it up. */
  readonly writeCalls: number;
  readonly residentBytes: number;
}

/** Makes a reader of the usage of any process of this user. Linux only: it reads /proc. */
export function processUsageReader(): (pid: number) => ProcessUsage {
  const microsPerTick = readMicrosPerTick();
  return (pid) => ({
    // The one is exact, the other also knows threads that have ended.
    cpuMicros: Math.max(threadsCpuMicros(pid), cpuTicks(readFileSync(`/proc/${pid}/stat`, "utf8")) * microsPerTick),
    writeCalls: field(readFileSync(`/proc/${pid}/task/${pid}/io`, "utf8"), /^syscw: (\d+)/m),
    residentBytes: field(readFileSync(`/proc/${pid}/status`, "utf8"), /^VmRSS:\s*(\d+) kB/m) * 1_024,
  });
}

/**
 * CPU time of all children of this process that have ended, and of theirs: a program that runs for a while only has used
 * the difference. Linux only.
 */
export function endedChildrenCpuMicros(): number {
  return endedChildrenCpuTicks(readFileSync("/proc/self/stat", "utf8")) * readMicrosPerTick();
}

function readMicrosPerTick(): number {
  return 1_000_000 / Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
}

/** User plus system time of a /proc/<pid>/stat, in clock ticks (proc_pid_stat(5), fields 14 and 15). */
export function cpuTicks(stat: string): number {
  const fields = statFields(stat);
  return Number(fields[11]) + Number(fields[12]);
}

/** The same of its children that have ended (fields 16 and 17). */
export function endedChildrenCpuTicks(stat: string): number {
  const fields = statFields(stat);
  return Number(fields[13]) + Number(fields[14]);
}

/** What stands behind the program's name, which is in parentheses and may itself hold spaces and parentheses. */
function statFields(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function field(text: string, pattern: RegExp): number {
  return Number(pattern.exec(text)?.[1] ?? 0);
}
