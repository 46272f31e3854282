import { expect, test } from "vitest";
import { spawnProgram } from "./spawn-program.ts";

const echo = new URL("./fixtures/echo.ts", import.meta.url);

test("runs a TypeScript program with arguments, environment and input, and collects its lines", async () => {
  await using program = spawnProgram(echo, ["a b", "$c"], { env: { COLOUR: "red" }, input: "hello" });
  expect(await program.exit).toEqual({ code: 3, signal: null });
  expect(program.stdout).toEqual([`arguments ["a b","$c"]`, "input hello"]);
  expect(program.stderr).toEqual(["colour red"]);
});

test("waits for a line of either stream, past or to come", async () => {
  await using program = spawnProgram(echo, ["wait"], { env: { COLOUR: "blue" } });
  expect((await program.waitForLine(/^colour (\w+)/))[1]).toBe("blue");
  expect((await program.waitForLine(/arguments/)).input).toBe(`arguments ["wait"]`);
});

test("fails with the output when the program ends without the line", async () => {
  await using program = spawnProgram(echo);
  await expect(program.waitForLine(/never said/)).rejects.toThrow(/before it ended \(3\).*\narguments \[\]/);
});

test("is killed when it goes out of scope", async () => {
  const program = spawnProgram(echo, ["wait"]);
  await program.waitForLine(/input/);
  await program[Symbol.asyncDispose]();
  expect(await program.exit).toEqual({ code: null, signal: "SIGKILL" });
});
