import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withExclusiveLock } from "./exclusive-lock.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "chappe-lock-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test("lets one at a time do its work", async () => {
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++inside);
    await new Promise(setImmediate);
    inside--;
  };
  await Promise.all([1, 2, 3].map(() => withExclusiveLock(join(folder, "lock"), work)));
  expect(most).toBe(1);
});

test("is free again after work that failed", async () => {
  const lock = join(folder, "lock");
  const failing = withExclusiveLock(lock, () => Promise.reject(new Error("no network")));
  await expect(failing).rejects.toThrow("no network");
  expect(existsSync(lock)).toBe(false);
});

test("is taken over from a holder that died", async () => {
  const lock = join(folder, "lock");
  mkdirSync(lock);
  // Above the largest process id of any kernel.
  writeFileSync(join(lock, "pid"), "99999999");
  expect(await withExclusiveLock(lock, async () => "mine")).toBe("mine");
});
