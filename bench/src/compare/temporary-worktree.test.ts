import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnProgram } from "@chappe/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addTemporaryWorktree } from "./temporary-worktree.ts";

const holder = new URL("./fixtures/worktree-holder.ts", import.meta.url);

describe("a temporary worktree", () => {
  let repository = "";
  const git = (...args: readonly string[]) => execFileSync("git", args, { cwd: repository, encoding: "utf8" });
  const knownWorktrees = () => git("worktree", "list", "--porcelain").match(/^worktree /gm)?.length;

  beforeAll(() => {
    repository = mkdtempSync(join(tmpdir(), "chappe-worktree-test-"));
    git("init", "--quiet");
    git("config", "user.name", "test");
    git("config", "user.email", "test@example.com");
    writeFileSync(join(repository, "file"), "committed");
    git("add", ".");
    git("commit", "--quiet", "--message", "first");
    writeFileSync(join(repository, "file"), "changed");
  });
  afterAll(() => rmSync(repository, { recursive: true }));

  it("holds the files as they were committed, and leaves nothing behind", async () => {
    const worktree = await addTemporaryWorktree(repository, "HEAD");
    expect(readFileSync(join(worktree.folder, "file"), "utf8")).toBe("committed");
    worktree[Symbol.dispose]();
    expect(existsSync(worktree.folder)).toBe(false);
    expect(knownWorktrees()).toBe(1);
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("leaves nothing behind when %s ends the program", async (signal, code) => {
    await using program = spawnProgram(holder, [repository, "HEAD"]);
    const [, folder = ""] = await program.waitForLine(/^folder (.+)/);
    expect(existsSync(folder)).toBe(true);
    program.kill(signal);
    expect(await program.exit).toMatchObject({ code });
    expect(existsSync(folder)).toBe(false);
    expect(knownWorktrees()).toBe(1);
  });

  it("leaves nothing behind when git refuses", async () => {
    await expect(addTemporaryWorktree(repository, "no-such-commit")).rejects.toThrow("no-such-commit");
    expect(knownWorktrees()).toBe(1);
  });
});
