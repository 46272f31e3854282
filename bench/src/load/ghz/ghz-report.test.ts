import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseGhzReport } from "./ghz-report.ts";

const recorded = (name: string) => readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), "utf8");

it("reads what ghz wrote of calls that were answered", () => {
  const report = parseGhzReport(recorded("answered"));
  expect(report).toMatchObject({ answered: 5, failed: 0, failures: undefined });
  expect(report.callsPerSecond).toBeCloseTo(94.37, 2);
  expect(report.latencyMicros?.p50).toBeCloseTo(1_776, -1);
  expect(report.latencyMicros?.max).toBeCloseTo(44_444, -2);
});

it("reads what ghz wrote of calls that failed, and takes no latency from them", () => {
  const report = parseGhzReport(recorded("refused"));
  expect(report).toMatchObject({
    answered: 1,
    failed: 4,
    failures: expect.stringMatching(/receiver "no such name" has .* \(4 times\)$/) as string,
  });
  expect(report.latencyMicros?.p50).toBe(report.latencyMicros?.max);
});

it("has no latency when no call was made", () => {
  const nothing = { count: 0, total: 0, statusCodeDistribution: {}, errorDistribution: {}, details: null };
  expect(parseGhzReport(JSON.stringify(nothing))).toMatchObject({
    answered: 0,
    callsPerSecond: 0,
    latencyMicros: null,
  });
});

it("refuses what ghz did not write", () => {
  expect(() => parseGhzReport('{"count":"many"}')).toThrow("count");
});
