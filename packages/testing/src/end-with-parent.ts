import { spawn } from "node:child_process";

/** What must not outlive this process. */
export interface Leftovers {
  /** Process to kill. */
  readonly pid: number;
  /** Folder to remove. Default: none. */
  readonly folder?: string;
}

/**
 * Sees to it that a child process, and its folder, go when this process goes, however it goes: also by SIGKILL, when no
 * exit handler runs.
 *
 * A tiny shell waits on a pipe that only this process holds open. The kernel closes the pipe when the process ends;
 * the shell then cleans up. It has a session of its own, so that a Ctrl-C in the terminal does not end it too early.
 *
 * @returns a function that calls the watch off, for when the caller has cleaned up by itself.
 */
export function endWithParent(leftovers: Leftovers): () => void {
  const watcher = spawn(
    "/bin/sh",
    [
      "-c",
      'read -r _; kill -KILL "$1" 2>/dev/null; if [ -n "$2" ]; then rm -rf -- "$2"; fi',
      "chappe-watcher",
      String(leftovers.pid),
      leftovers.folder ?? "",
    ],
    { stdio: ["pipe", "ignore", "ignore"], detached: true, cwd: "/" },
  );
  watcher.unref();
  // The pipe of a watcher that was called off may break; there is nobody left to tell.
  watcher.stdin.on("error", () => {});
  watcher.on("error", () => {});
  (watcher.stdin as unknown as { unref(): void }).unref();
  return () => {
    watcher.kill("SIGKILL");
    watcher.stdin.destroy();
  };
}
