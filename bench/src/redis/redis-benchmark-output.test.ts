import { expect, it } from "vitest";
import { parseRedisBenchmark } from "./redis-benchmark-output.ts";

const header =
  '"test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms","p99_latency_ms","max_latency_ms"';

it("reads rate and latency, whatever the measured command looks like", () => {
  const csv = `${header}\n"XADD bench * b hello, "x","105263.16","6.880","0.648","3.263","11.463","76.095","76.287"\n`;
  expect(parseRedisBenchmark(csv)).toEqual({
    requestsPerSecond: 105_263.16,
    latencyMicros: { p50: 3_263, p99: 76_095, p999: 76_287, max: 76_287 },
  });
});

it("repeats what it cannot read", () => {
  expect(() => parseRedisBenchmark("Could not connect to Redis\n")).toThrow("Could not connect");
  expect(() => parseRedisBenchmark(`${header}\n"XADD","0","0","0","0","0","0","0"`)).toThrow("XADD");
});
