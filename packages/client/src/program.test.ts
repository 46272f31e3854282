import { spawnProgram } from "@chappe/testing";
import { expect, test } from "vitest";
import { startTestRouters } from "./fixtures/test-routers.ts";

const program = new URL("./fixtures/short-program.ts", import.meta.url);

test("a program ends by itself once its client is closed, and at once", async () => {
  await using routers = await startTestRouters();
  await using run = spawnProgram(program, routers.addresses);
  await run.waitForLine(/^closed$/);
  const closedMs = performance.now();
  expect(await run.exit).toEqual({ code: 0, signal: null });
  // Timers that were left would hold it for at least as long as a tick.
  expect(performance.now() - closedMs).toBeLessThan(900);
  expect(run.stdout).toEqual(["got hello", "closed"]);
});
