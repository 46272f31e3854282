import { fileURLToPath } from "node:url";
import { spawnProgram } from "@chappe/testing";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("./fixtures/print-whole-collections.ts", import.meta.url));

/** How often a process that passes on a gigabyte of frames collects its whole heap. */
async function wholeCollections(...args: string[]): Promise<number> {
  await using running = spawnProgram(program, args);
  await running.exit;
  return Number(running.stdout[0]);
}

test("frames that pass are no reason to collect the whole heap, as they are by themselves", async () => {
  const [collecting, byItself] = await Promise.all([wholeCollections("collecting"), wholeCollections()]);
  expect(byItself).toBeGreaterThan(5);
  expect(collecting * 3).toBeLessThan(byItself);
});
