import { expect, it } from "vitest";
import { sampleResult } from "../report/fixtures/sample-report.ts";
import { peerRemarks } from "./peers-table.ts";

it("is silent where all is well", () => {
  const well = sampleResult("jetstream/rate-1000", { messagesPerSecond: 990, options: { rate: 1_000, seconds: 3 } });
  expect(peerRemarks({ results: [well, sampleResult("jetstream/throughput", { options: { rate: "max" } })] })).toEqual(
    [],
  );
});

const latency = (p50: number) => ({ p50, p99: p50 * 2, p999: p50 * 3, max: p50 * 4 });
const options = { rate: 20_000, seconds: 3 };

it("tells who did not keep up", () => {
  const slow = sampleResult("bullmq/rate-20000", {
    messagesPerSecond: 9_800,
    latencyMicros: latency(900_000),
    options,
  });
  expect(peerRemarks({ results: [slow] })).toEqual([
    expect.stringMatching(/^bullmq\/rate-20000 handled 9,800 a second: it did not keep up/),
  ]);
});

it("does not take a stall at the end for it", () => {
  const stalled = sampleResult("chappe/rate-20000", {
    messagesPerSecond: 19_000,
    latencyMicros: latency(2_000),
    options,
  });
  expect(peerRemarks({ results: [stalled] })).toEqual([]);
});

it("tells what came to harm", () => {
  const results = [
    sampleResult("article-go/throughput", { outOfOrder: 1_234 }),
    sampleResult("other/throughput", { lost: 2, duplicates: 1 }),
  ];
  expect(peerRemarks({ results })).toEqual([
    "article-go/throughput: 1,234 out of order",
    "other/throughput: 2 lost, 1 repeated",
  ]);
});

it("names what is not there, and why", () => {
  const gaps = [{ name: "rabbitmq", reason: "no rabbitmq-server on the PATH\nE: no such package" }];
  expect(peerRemarks({ results: [], gaps })).toEqual(["rabbitmq is not compared: no rabbitmq-server on the PATH"]);
});
