import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { tellUsage, type Usage, wrongUsage } from "./usage.ts";

function told(usage: Usage) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = tellUsage(usage, { stdout, stderr });
  return { code, stdout: String(stdout.read() ?? ""), stderr: String(stderr.read() ?? "") };
}

test("help goes to standard output, and is no failure", () => {
  expect(told({ kind: "help", text: "Usage: x\n" })).toEqual({ code: 0, stdout: "Usage: x\n", stderr: "" });
});

test("every problem goes to standard error in a line of its own, and the exit code is 2", () => {
  expect(told(wrongUsage(["--a: no", "--b: no"]))).toEqual({
    code: 2,
    stdout: "",
    stderr: "error: --a: no\nerror: --b: no\n(--help lists what is allowed)\n",
  });
});
