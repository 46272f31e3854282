import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { cpuTicks, endedChildrenCpuMicros, endedChildrenCpuTicks, processUsageReader } from "./process-usage.ts";

it("finds the times behind a name with spaces and parentheses", () => {
  expect(cpuTicks("42 (a (b) c) S 1 2 3 4 5 6 7 8 9 10 321 123 0 0 20")).toBe(444);
});

it.runIf(process.platform === "linux")("counts what this process used, in microseconds", () => {
  const usageOf = processUsageReader();
  const { user, system } = process.cpuUsage();
  const usage = usageOf(process.pid);
  // The kernel counts in ticks of 10 ms, for each of the two.
  expect(usage.cpuMicros).toBeGreaterThan(user + system - 40_000);
  expect(usage.residentBytes).toBeGreaterThan(10_000_000);
});

it("tells the children's times from its own", () => {
  expect(endedChildrenCpuTicks("42 (node) S 1 2 3 4 5 6 7 8 9 10 321 123 30 12 20")).toBe(42);
});

it.runIf(process.platform === "linux")("counts what a child used once it has ended", () => {
  const before = endedChildrenCpuMicros();
  execFileSync(process.execPath, ["-e", "while (process.cpuUsage().user < 100_000);"]);
  expect(endedChildrenCpuMicros() - before).toBeGreaterThan(60_000);
});
