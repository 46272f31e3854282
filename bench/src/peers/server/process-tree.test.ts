import { spawn } from "node:child_process";
import { once } from "node:events";
import { waitFor } from "@chappe/testing";
import { expect, it } from "vitest";
import { processTree } from "./process-tree.ts";

it.runIf(process.platform === "linux")("finds what a process has started, and what that has", async () => {
  const shell = spawn("/bin/sh", ["-c", '/bin/sh -c "read -r line; true"; true'], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  const pid = shell.pid ?? 0;
  await waitFor(() => processTree(pid).length === 2);
  expect(processTree(process.pid)).toEqual(expect.arrayContaining(processTree(pid)));
  const ended = once(shell, "close");
  shell.stdin.end();
  await ended;
  expect(processTree(pid)).toEqual([pid]);
});
