import { expect, it } from "vitest";
import { RESULT_SCHEMA, type CaseResult, type Report } from "../result-schema.ts";
import { amount, duration, reportTable } from "./report-table.ts";

const result: CaseResult = {
  name: "chappe/end-to-end/rate-500",
  messagesPerSecond: 500,
  cpuMicrosPerMessage: 123.456,
  cpuMicrosPerMessageByProcess: {},
  latencyMicros: { p50: 812, p99: 2_345, p999: 45_678, max: 1_234_567 },
  generatorLatenessMicros: { p50: 40, p99: 99, p999: 100, max: 101 },
  lost: 0,
  duplicates: 0,
  outOfOrder: 0,
  counters: {},
  options: {},
};

const report: Report = {
  schema: RESULT_SCHEMA,
  commit: "0123456789abcdef-dirty",
  environment: {
    startedAt: "2026-01-01T00:00:00Z",
    node: "v24.0.0",
    redis: "Redis 7.0.15",
    cpu: "Some CPU",
    cores: 2,
    memoryBytes: 1,
    os: "Linux",
    loadAverage: 0.1,
  },
  results: [result, { ...result, name: "redis/xadd", latencyMicros: null, generatorLatenessMicros: null }],
  failures: [{ name: "chappe/end-to-end/aof-always", reason: "3 lost, of 7 messages received\nrouter: log" }],
  ratios: { alwaysVsEverysec: 0.987, endToEndVsRedisXadd: 1.6, thousandReceiversVsOne: 0.3, madeUpElsewhere: 2 },
};

it("says what was measured, on what, and the ratios", () => {
  const table = reportTable(report);
  expect(table).toContain("0123456789ab-dirty, Node v24.0.0, Redis 7.0.15, 2 × Some CPU\n");
  expect(table).toMatch(/^chappe\/end-to-end\/rate-500 +500 +123 +812 µs +2.35 ms +45.7 ms +1.23 s +99 µs$/m);
  expect(table).toMatch(/^redis\/xadd +500 +123$/m);
  expect(table).toMatch(/^alwaysVsEverysec +0.99$/m);
  expect(table).toMatch(/^madeUpElsewhere +2.00$/m);
});

it("holds ratios to their targets", () => {
  const table = reportTable(report);
  expect(table).toMatch(/^endToEndVsRedisXadd +1.60 +≥ 1.5 +met$/m);
  expect(table).toMatch(/^thousandReceiversVsOne +0.30 +≥ 0.4 +missed$/m);
});

it.each([
  [1.234, "1.23"],
  [123.4, "123"],
  [10_437.2, "10,437"],
])("writes %s as %s", (value, text) => expect(amount(value)).toBe(text));

it("says which cases failed, and why", () => {
  const table = reportTable(report);
  expect(table).toMatch(/^chappe\/end-to-end\/aof-always +failed$/m);
  expect(table).toMatch(/^chappe\/end-to-end\/aof-always +3 lost, of 7 messages received$/m);
  expect(reportTable({ ...report, failures: [] })).not.toContain("failed");
});

it("warns when others are at work on the machine", () => {
  const environment = { ...report.environment, loadAverage: 3 };
  expect(reportTable({ ...report, environment })).toContain("load 3.0: others are at work");
});

it.each([
  [undefined, ""],
  [7.4, "7 µs"],
  [1_000, "1.00 ms"],
  [123_456, "123 ms"],
  [61_000_000, "61.0 s"],
])("writes %s microseconds as %s", (micros, text) => {
  expect(duration(micros)).toBe(text);
});
