import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** How long to wait for another process that holds a lock. */
const waitMs = 180_000;

/** A holder writes its id right after it creates the folder. One that has not by now died in between. */
const namelessMs = 10_000;

/**
 * Runs `work` while no other process that names the same `lockPath` runs its own.
 *
 * The lock is a folder, because creating one is atomic on every file system. A holder that died is recognised by its
 * process id, so a killed test run never blocks the next one.
 *
 * @throws Error when the lock stays taken for three minutes.
 */
export async function withExclusiveLock<T>(lockPath: string, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + waitMs;
  while (!tryAcquire(lockPath)) {
    if (Date.now() > deadline) throw new Error(`${lockPath} is still held by process ${holderOf(lockPath)}`);
    await delay(50);
  }
  try {
    return await work();
  } finally {
    rmSync(lockPath, { recursive: true, force: true });
  }
}

function tryAcquire(lockPath: string): boolean {
  try {
    mkdirSync(lockPath);
    writeFileSync(`${lockPath}/pid`, String(process.pid));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    if (isAbandoned(lockPath)) rmSync(lockPath, { recursive: true, force: true });
    return false;
  }
}

function isAbandoned(lockPath: string): boolean {
  const holder = holderOf(lockPath);
  if (holder !== undefined) return !isAlive(holder);
  const created = statSync(lockPath, { throwIfNoEntry: false })?.mtimeMs;
  return created !== undefined && Date.now() - created > namelessMs;
}

/** Undefined between the holder's creating the folder and its writing the id. */
function holderOf(lockPath: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(`${lockPath}/pid`, "utf8"), 10) || undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: somebody else's process, so it lives.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
