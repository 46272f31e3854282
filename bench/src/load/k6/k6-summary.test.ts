import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseK6Summary } from "./k6-summary.ts";

const recorded = (name: string) => readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), "utf8");

it("reads what k6 wrote of calls", () => {
  const { storedPerSecond, ...rest } = parseK6Summary(recorded("unary"), "grpc_req_duration");
  expect(rest).toEqual({ stored: 1_696, latencyMicros: { p50: 838, p99: 5_148, p999: 10_831, max: 17_415 } });
  expect(storedPerSecond).toBeCloseTo(1_695.12, 2);
});

it("reads what k6 wrote of a stream: messages, and how long their batches took", () => {
  expect(parseK6Summary(recorded("stream"), "publish_duration")).toMatchObject({
    stored: 46_000,
    latencyMicros: { p50: 3_000, p99: 16_000, p999: 21_701, max: 24_000 },
  });
});

it("has no latency when nothing was stored, however quickly it was refused", () => {
  const summary = parseK6Summary(recorded("nothing-stored"), "grpc_req_duration");
  expect(summary).toEqual({ stored: 0, storedPerSecond: 0, latencyMicros: null });
});

it("refuses what k6 did not write", () => {
  expect(() => parseK6Summary('{"results":{}}', "grpc_req_duration")).toThrow("metrics");
  expect(() => parseK6Summary(recorded("unary"), "publish_duration")).toThrow("expected object");
});
