import { expect, it } from "vitest";
import { sampleReport, sampleResult } from "./report/fixtures/sample-report.ts";
import { report } from "./result-schema.ts";

it("reads results that were written before failures had a place", () => {
  const { failures: _, ...older } = sampleReport({ results: [sampleResult("redis/xadd")] });
  expect(report.parse(older)).toEqual({ ...older, failures: [] });
});
