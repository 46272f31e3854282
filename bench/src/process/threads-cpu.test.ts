import { existsSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import { threadsCpuMicros } from "./threads-cpu.ts";

/** Works for a while, says how long it had a processor, and stays. */
const busyThread = `
  for (const end = performance.now() + 20; performance.now() < end; );
  const { user, system } = process.threadCpuUsage();
  require("node:worker_threads").parentPort.postMessage(user + system);
  setInterval(() => {}, 1_000);
`;

it.runIf(existsSync("/proc/self/schedstat"))("counts the time of threads beside the main one", async () => {
  const before = threadsCpuMicros(process.pid);
  const thread = new Worker(busyThread, { eval: true });
  const used = await new Promise<number>((resolve) => thread.once("message", resolve));
  const counted = threadsCpuMicros(process.pid) - before;
  await thread.terminate();
  expect(used).toBeGreaterThan(0);
  expect(counted).toBeGreaterThanOrEqual(used);
});
