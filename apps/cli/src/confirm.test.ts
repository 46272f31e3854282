import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { confirm } from "./confirm.ts";

function terminal(answer: string) {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  input.write(`${answer}\n`);
  return { input, output: new PassThrough() };
}

test.each([
  ["y", "yes"],
  ["YES", "yes"],
  ["", "no"],
  ["n", "no"],
  ["yesterday", "no"],
])("%j at a terminal means %s", async (answer, meaning) => {
  expect(await confirm("Delete?", terminal(answer))).toBe(meaning);
});

test("nobody is asked where there is no terminal", async () => {
  expect(await confirm("Delete?", { input: new PassThrough(), output: new PassThrough() })).toBe("nobody to ask");
});
