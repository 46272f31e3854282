import { readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
// Opens the standard streams, which is no leak of the test's.
import "commander";
import { expect, test, vi } from "vitest";

test("the example in the README prints what it says", async () => {
  const page = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const example = /```ts\n(.*?)```/s.exec(page)![1]!;
  const promised = [...example.matchAll(/^\/\/ → (.*)$/gm)].map(([, line]) => line);
  const runnable = example
    .replace('"@chappe/command-line"', JSON.stringify(new URL("./index.ts", import.meta.url).href))
    .replace('"@chappe/command-line/flag-schemas"', JSON.stringify(new URL("./flag-schemas.ts", import.meta.url).href))
    .replace('"commander"', JSON.stringify(import.meta.resolve("commander")))
    .replace('"zod"', JSON.stringify(import.meta.resolve("zod")));

  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  const complain = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  try {
    await import(`data:text/javascript,${encodeURIComponent(stripTypeScriptTypes(runnable))}`);
    expect(log.mock.calls.map((words) => words.join(" "))).toEqual(promised);
    expect(complain).toHaveBeenCalledWith(expect.stringContaining("error: unknown option '--ruoter'"));
  } finally {
    log.mockRestore();
    complain.mockRestore();
  }
  expect(promised).toHaveLength(3);
});
