import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** Signals that end this process, with the exit codes that shells know them by. */
const signals: ReadonlyMap<NodeJS.Signals, number> = new Map([
  ["SIGHUP", 129],
  ["SIGINT", 130],
  ["SIGTERM", 143],
]);

/** A commit's files in a folder of their own. */
export interface TemporaryWorktree extends Disposable {
  readonly folder: string;
}

/**
 * Checks a commit out into a temporary folder. The folder goes, and the repository forgets it, when it is disposed of; else
 * when this process ends, also by Ctrl-C or SIGTERM.
 *
 * @param repository folder of the repository
 * @throws Error when git cannot
 */
export async function addTemporaryWorktree(repository: string | URL, commit: string): Promise<TemporaryWorktree> {
  const folder = mkdtempSync(join(tmpdir(), "chappe-compare-"));
  const remove = () => {
    process.off("exit", remove);
    for (const signal of signals.keys()) process.off(signal, exit);
    // Git may not know it yet; then there is only the folder.
    spawnSync("git", ["worktree", "remove", "--force", folder], { cwd: repository });
    rmSync(folder, { recursive: true, force: true });
  };
  // A signal would end this process without its exit handlers.
  const exit = (signal: NodeJS.Signals) => process.exit(signals.get(signal));
  process.once("exit", remove);
  for (const signal of signals.keys()) process.once(signal, exit);
  try {
    await promisify(execFile)("git", ["worktree", "add", "--detach", "--quiet", folder, commit], { cwd: repository });
    return { folder, [Symbol.dispose]: remove };
  } catch (error) {
    remove();
    throw error;
  }
}
