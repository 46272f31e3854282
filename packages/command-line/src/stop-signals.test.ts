import { spawnProgram } from "@chappe/testing";
import { expect, test } from "vitest";
import { exitCodeOfSignal, onStopSignal } from "./stop-signals.ts";

test.each([
  ["SIGINT", "SIGTERM", 143],
  ["SIGTERM", "SIGINT", 130],
] as const)("%s asks a program to stop, and %s after it ends it at once with %i", async (first, second, code) => {
  await using program = spawnProgram(new URL("./fixtures/stop-slowly.ts", import.meta.url));
  await program.waitForLine(/^ready$/);
  program.kill(first);
  await program.waitForLine(new RegExp(`^stopping on ${first}$`));
  program.kill(second);
  expect(await program.exit).toEqual({ code, signal: null });
  expect(exitCodeOfSignal(second)).toBe(code);
});

test("signals that are given back end a program as they did before", () => {
  const listeners = () => process.listenerCount("SIGINT") + process.listenerCount("SIGTERM");
  const before = listeners();
  const giveBack = onStopSignal(() => {});
  expect(listeners()).toBe(before + 2);
  giveBack();
  expect(listeners()).toBe(before);
});
