import { expect, it } from "vitest";
import { runProgram } from "./run-program.ts";

it("tells the exit code and all output of a program", async () => {
  const run = await runProgram("/bin/sh", ["-c", 'echo "$WORD"; echo wrong >&2; exit 3'], {
    env: { WORD: "right" },
    deadlineMs: 10_000,
  });
  expect(run).toEqual({ code: 3, stdout: "right\n", stderr: "wrong\n" });
});

it("ends a program that does not end by itself", async () => {
  await expect(runProgram("/bin/sleep", ["60"], { deadlineMs: 50 })).rejects.toThrow("had not ended after 50 ms");
});

it("says so when there is no such program", async () => {
  await expect(runProgram("/no/such/program", [], { deadlineMs: 10_000 })).rejects.toThrow("ENOENT");
});
