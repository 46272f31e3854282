import { readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { expect, test, vi } from "vitest";

test("the first example in the README prints what it says", async () => {
  const page = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const example = /```ts\n(.*?)```/s.exec(page)![1]!;
  const promised = [...example.matchAll(/^\/\/ → (.*)$/gm)].map(([, line]) => line);
  const runnable = example
    .replace('"@chappe/broker"', JSON.stringify(new URL("./index.ts", import.meta.url).href))
    .replace('"@chappe/message"', JSON.stringify(import.meta.resolve("@chappe/message")));

  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  try {
    await import(`data:text/javascript,${encodeURIComponent(stripTypeScriptTypes(runnable))}`);
    expect(log.mock.calls.map((words) => words.join(" "))).toEqual(promised);
  } finally {
    log.mockRestore();
  }
  expect(promised).toHaveLength(2);
});
