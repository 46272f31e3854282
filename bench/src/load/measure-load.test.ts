import { connect } from "@chappe/client";
import { expect, it } from "vitest";
import { type BodyNumber, writeBodyNumber } from "./body-number.ts";
import { measureLoad } from "./measure-load.ts";
import type { Load } from "./tool-run.ts";

/** The benchmarks read /proc, and start a Redis of their own. */
const canRun = process.platform === "linux" && process.env["REDIS_URL"] === undefined;
const TIMEOUT_MS = 60_000;

/** A tool that sends messages with these numbers, and says that so many were answered as stored. */
function pretend(numbers: readonly BodyNumber[], stored: readonly number[]): Load {
  return {
    tool: "ghz",
    name: "chappe/load/pretended",
    options: { bodyBytes: 20, aof: "off", seconds: 1, warmUpSeconds: 1 },
    http: false,
    async run({ target }) {
      const client = connect({ routers: [target.grpc] });
      const bodies = numbers.map((number) => {
        const body = Buffer.alloc(20);
        writeBodyNumber(body, number);
        return body;
      });
      const sender = client.sender("pretender");
      await Promise.all(bodies.map((body) => sender.send({ to: target.receiver, body })));
      await client.close();
      return { stored, messagesPerSecond: 1_000, latencyMicros: { p50: 1, p99: 2, p999: 3, max: 4 } };
    },
  };
}

const numbers = (...sequences: number[]): BodyNumber[] => sequences.map((sequence) => ({ worker: 0, sequence }));

it.runIf(canRun)(
  "measures what the system spent on a load, and tells apart what the tool did",
  { timeout: TIMEOUT_MS },
  async () => {
    const result = await measureLoad(pretend(numbers(0, 1, 2, 3), [4]));
    expect(result).toMatchObject({
      name: "chappe/load/pretended",
      messagesPerSecond: 1_000,
      latencyMicros: { p50: 1, p99: 2, p999: 3, max: 4 },
      lost: 0,
      duplicates: 0,
    });
    const { cpuMicrosPerMessageByProcess: cpu, counters } = result;
    expect(Object.keys(cpu).toSorted()).toEqual(["ghz", "receiver", "redis", "router"]);
    expect(result.cpuMicrosPerMessage).toBeCloseTo(
      (cpu["receiver"] ?? 0) + (cpu["redis"] ?? 0) + (cpu["router"] ?? 0),
      1,
    );
    expect(counters["redis xadd"]).toBeGreaterThan(0);
  },
);

it.runIf(canRun)("fails when a message that the tool was told is stored is lost", { timeout: TIMEOUT_MS }, async () => {
  await expect(measureLoad(pretend(numbers(0, 2), [3]), 200)).rejects.toThrow(
    "1 lost, of 3 messages stored; 2 arrived",
  );
});

it.runIf(canRun)("fails when a message comes twice", { timeout: TIMEOUT_MS }, async () => {
  await expect(measureLoad(pretend(numbers(0, 1, 1), [2]), 200)).rejects.toThrow("1 duplicated");
});
