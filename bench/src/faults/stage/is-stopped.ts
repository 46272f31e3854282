import { readFileSync } from "node:fs";

/** Whether a process stands still because of a SIGSTOP. */
export function isStopped(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  // The name of the program stands before the state, in brackets, and may hold anything.
  const [state] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").slice(-1);
  return state?.startsWith("T") ?? false;
}
