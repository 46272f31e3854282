import { expect, it } from "vitest";
import { sampleReport, sampleResult } from "./fixtures/sample-report.ts";
import { reportTable } from "./report-table.ts";

const latencyMicros = { p50: 812, p99: 2_345, p999: 45_678, max: 1_234_567 };
const generatorLatenessMicros = { p50: 40, p99: 99, p999: 100, max: 101 };
const report = sampleReport({
  results: [
    sampleResult("chappe/end-to-end/rate-500", { latencyMicros, generatorLatenessMicros }),
    sampleResult("redis/xadd"),
  ],
  failures: [{ name: "chappe/end-to-end/aof-always", reason: "3 lost, of 7 messages received\nrouter: log" }],
  ratios: { alwaysVsEverysec: 0.987, endToEndVsRedisXadd: 1.6, thousandReceiversVsOne: 0.3, madeUpElsewhere: 2 },
});

it("says what was measured, on what, and the ratios", () => {
  const table = reportTable(report);
  expect(table).toContain("0123456789ab-dirty, Node v24.0.0, Redis 7.0.15, 2 × Some CPU\n");
  expect(table).toMatch(/^chappe\/end-to-end\/rate-500 +500 +123 +812 µs +2.35 ms +45.7 ms +1.23 s +99 µs$/m);
  expect(table).toMatch(/^redis\/xadd +500 +123$/m);
  expect(table).toMatch(/^alwaysVsEverysec +0.99$/m);
  expect(table).toMatch(/^madeUpElsewhere +2.00$/m);
});

it("says which cases failed, and why", () => {
  const table = reportTable(report);
  expect(table).toMatch(/^chappe\/end-to-end\/aof-always +failed$/m);
  expect(table).toMatch(/^chappe\/end-to-end\/aof-always +3 lost, of 7 messages received$/m);
  expect(reportTable({ ...report, failures: [] })).not.toContain("failed");
});

it("holds ratios to their targets", () => {
  const table = reportTable(report);
  expect(table).toMatch(/^endToEndVsRedisXadd +1.60 +≥ 1.5 +met$/m);
  expect(table).toMatch(/^thousandReceiversVsOne +0.30 +≥ 0.4 +missed$/m);
});

it("warns when others are at work on the machine", () => {
  const environment = { ...report.environment, loadAverage: 3 };
  expect(reportTable({ ...report, environment })).toContain("load 3.0: others are at work");
});
