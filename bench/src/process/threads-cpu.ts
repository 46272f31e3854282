import { readdirSync, readFileSync } from "node:fs";

/**
 * CPU time that the threads of a process have used so far, in microseconds: what /proc/<pid>/stat rounds down to
 * hundredths of a second, exactly. A thread that has ended counts no more.
 *
 * @returns 0 where the kernel keeps no such statistics (CONFIG_SCHED_INFO)
 */
export function threadsCpuMicros(pid: number): number {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      const [running = "0"] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ", 1);
      nanoseconds += Number(running);
    } catch {
      // It has ended since it was listed, or there are no statistics.
    }
  }
  return nanoseconds / 1_000;
}
