/** Packs every public package and checks what users would install: with publint, and libraries with attw too. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packPackages } from "./packed-packages.ts";

const folder = mkdtempSync(join(tmpdir(), "chappe-pack-"));
try {
  const failures: string[] = [];
  const check = (name: string, command: string, args: string[]) => {
    const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
    console.log(`${status === 0 ? "ok    " : "failed"} ${command} ${name}`);
    if (status !== 0) failures.push(`${command} ${name}\n${stdout}${stderr}`);
  };
  for (const { name, kind, tarball } of packPackages(folder)) {
    check(name, "publint", ["run", tarball, "--strict"]);
    // Only ES modules are published: require() loads them on every Node we support.
    if (kind === "library") check(name, "attw", [tarball, "--profile", "esm-only"]);
  }
  for (const failure of failures) console.error(failure);
  if (failures.length > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
