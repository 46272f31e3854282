import { expect, it } from "vitest";
import { report, RESULT_SCHEMA } from "./result-schema.ts";

it("reads results that were written before failures had a place", () => {
  const environment = {
    startedAt: "2026-01-01T00:00:00Z",
    node: "v24.0.0",
    redis: "Redis 7.0.15",
    cpu: "Some CPU",
    cores: 2,
    memoryBytes: 1,
    os: "Linux",
    loadAverage: 0.1,
  };
  const older = { schema: RESULT_SCHEMA, commit: "unknown", environment, results: [], ratios: {} };
  expect(report.parse(older).failures).toEqual([]);
});
