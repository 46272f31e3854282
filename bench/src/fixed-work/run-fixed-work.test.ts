import { expect, it } from "vitest";
import { ownPrograms } from "../end-to-end/chappe-system.ts";
import { runFixedWork } from "./run-fixed-work.ts";

const work = { name: "five-by-five", options: { receivers: 5 }, messages: 5, intervalMs: 20 };
const duration = { warmUpSeconds: 0.02, seconds: 0.1 };

it("does exactly the work, and counts what it costs", async () => {
  const { counters, cpuMicrosPerMessage } = await runFixedWork(work, duration, ownPrograms);
  // 5 bursts of a message to each receiver, counted for 100,000: each message is an entry of its own.
  expect(counters).toMatchObject({ "redis xadd": 100_000, senderGrpcFrames: 20_000 });
  expect(cpuMicrosPerMessage).toBeGreaterThan(0);
});

it("runs the client and the router that it is given, not its own", async () => {
  const other = new URL("./no-such-program.ts", import.meta.url);
  await expect(runFixedWork(work, duration, { ...ownPrograms, client: other.href })).rejects.toThrow(other.pathname);
  await expect(runFixedWork(work, duration, { ...ownPrograms, routerApp: other })).rejects.toThrow(other.pathname);
});
