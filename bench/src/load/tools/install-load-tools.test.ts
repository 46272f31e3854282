import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { findLoadTool, requireLoadTool } from "./find-load-tool.ts";
import { installLoadTools } from "./install-load-tools.ts";
import { ghz, k6 } from "./load-tool.ts";

let folder = "";
let said: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "chappe-tools-test-"));
  said = [];
  vi.stubEnv("PATH", folder);
  vi.stubEnv("XDG_CACHE_HOME", join(folder, "cache"));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Puts a shell script on the PATH. */
function program(name: string, ...lines: string[]): void {
  const path = join(folder, name);
  writeFileSync(path, ["#!/bin/sh", ...lines, ""].join("\n"));
  chmodSync(path, 0o755);
}

const install = () => installLoadTools((line) => said.push(line));

it("leaves alone what is on the PATH", async () => {
  program("ghz");
  program("k6");
  await install();
  expect(said).toEqual([`ghz: found, ${join(folder, "ghz")}`, `k6: found, ${join(folder, "k6")}`]);
});

it("builds what is missing, at the version named, and only once", async () => {
  program("k6");
  program("go", `echo "$*" > ${join(folder, "asked")}`, '/bin/mkdir -p "$GOBIN"', '/bin/cp "$0" "$GOBIN/ghz"');
  await install();
  const built = findLoadTool(ghz);
  expect(built).toContain(join(folder, "cache"));
  expect(said).toContain(`ghz ${ghz.version}: built, ${built}`);

  rmSync(join(folder, "go"));
  said = [];
  await install();
  expect(said[0]).toBe(`ghz: found, ${built}`);
});

it("hands on what go says when it cannot build", async () => {
  program("go", "echo module not found >&2", "exit 1");
  await expect(install()).rejects.toThrow("ghz cannot be built: module not found");
});

it("says how to get a tool when there is no Go either", async () => {
  await expect(install()).rejects.toThrow("ghz is not on the PATH, and neither is Go to build it");
});

it("says how to get a tool that is needed", () => {
  expect(() => requireLoadTool(k6)).toThrow(/k6 is not on the PATH.*\n.*pnpm bench tools\n.*https:\/\/k6\.io/);
});
