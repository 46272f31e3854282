import { fileURLToPath } from "node:url";
import { spawnProgram } from "@chappe/testing";
import { expect, test } from "vitest";

const probe = fileURLToPath(new URL("./fixtures/print-young-generation.ts", import.meta.url));

/** Bytes of the young generation of a process that makes a lot of garbage. */
async function youngGenerationBytes(...args: string[]): Promise<number> {
  await using program = spawnProgram(probe, args);
  await program.exit;
  return Number(program.stdout[0]);
}

test("the young generation stays small, which it does not by itself", async () => {
  const [small, byItself] = await Promise.all([youngGenerationBytes("small"), youngGenerationBytes()]);
  expect(small).toBeGreaterThan(0);
  expect(small * 3).toBeLessThan(byItself);
});
