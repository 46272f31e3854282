import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { PROMISES } from "./index.ts";

it("docs/guarantees.md names every case of the suite, and no other", async () => {
  const page = await readFile(new URL("../../../../docs/guarantees.md", import.meta.url), "utf8");
  const named = page
    .split("\n")
    .filter((line) => line.startsWith("- "))
    .map((line) => line.slice(2));
  expect(named).toEqual(PROMISES.flatMap(({ cases }) => cases.map(({ name }) => name)));
});
