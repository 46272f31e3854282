import { describe, expect, it } from "vitest";
import type { Measured } from "../end-to-end/snapshot.ts";
import { compareTable, regressionsOf } from "./compare-report.ts";
import type { WorkComparison } from "./run-compare.ts";

const run = (cpuMicrosPerMessage: number): Measured => ({
  messagesPerSecond: 2_000,
  cpuMicrosPerMessage,
  cpuMicrosPerMessageByProcess: { redis: cpuMicrosPerMessage / 4, router: (cpuMicrosPerMessage * 3) / 4 },
  counters: {},
  measures: {},
});

const comparison = (over: Partial<WorkComparison>): WorkComparison => ({
  work: "bulk",
  blocks: [
    { base: run(4), head: run(4.1) },
    { base: run(4.2), head: run(4.1) },
  ],
  cpu: { ratio: { low: 0.98, estimate: 1, high: 1.02 }, verdict: "not slower" },
  counters: [{ counter: "grpcFrames", base: 500, head: 510, ratio: 1.02, bound: 0.05, verdict: "same" }],
  ...over,
});

const slower = comparison({ cpu: { ratio: { low: 1.07, estimate: 1.1, high: 1.13 }, verdict: "slower" } });
const grown = comparison({
  counters: [{ counter: "grpcFrames", base: 500, head: 600, ratio: 1.2, bound: 0.05, verdict: "grew" }],
});
const undecided = comparison({ cpu: { ratio: { low: 0.97, estimate: 1.03, high: 1.09 }, verdict: "undecided" } });

const table = (works: readonly WorkComparison[]) =>
  compareTable({
    schema: "chappe-bench-compare/1",
    base: "main, 0123456789ab",
    head: "the working tree, ba9876543210 with uncommitted changes",
    environment: {
      startedAt: "2026-01-01T00:00:00.000Z",
      node: "v24.0.0",
      redis: "Redis 7.0.0",
      cpu: "a processor",
      cores: 2,
      memoryBytes: 1,
      os: "Linux 6",
      loadAverage: 0,
    },
    works,
    regressions: regressionsOf(works),
  });

describe("a regression", () => {
  it("is a whole interval above 5 %, or a counter beyond its bound, in words", () => {
    expect(regressionsOf([slower, grown])).toEqual([
      "bulk: CPU time for each message: +10.0 % (+7.0 % … +13.0 %), all of it above +5.0 %",
      "bulk: grpcFrames: +20.0 %, more than +5.0 %",
    ]);
  });

  it("is not an interval that also holds less, nor a counter that fell", () => {
    const fallen = comparison({
      counters: [{ counter: "grpcFrames", base: 500, head: 100, ratio: 0.2, bound: 0.05, verdict: "fell" }],
    });
    expect(regressionsOf([undecided, fallen])).toEqual([]);
  });
});

describe("the table of a comparison", () => {
  it("says what was compared, and that uncommitted changes are in it", () => {
    expect(table([comparison({})])).toMatch(/^base: main, 0123456789ab\nhead: the working tree.*uncommitted changes\n/);
  });

  it("shows the middle of the blocks, of each process too", () => {
    const text = table([comparison({})]);
    expect(text).toMatch(/CPU µs\/message +4\.10 +4\.10 +\+0\.0 % \(-2\.0 % … \+2\.0 %\) +\+5\.0 % +not slower\n/);
    expect(text).toMatch(/of which router +3\.08 +3\.07/);
    expect(text).toMatch(/grpcFrames +500 +510 +\+2\.0 % +\+5\.0 % +same\n/);
  });

  it("ends with what follows: worse and why, undecided and what would help, or not worse", () => {
    expect(table([slower]).split("\n").at(-1)).toMatch(/^WORSE bulk: CPU time/);
    expect(table([undecided]).split("\n").at(-1)).toMatch(/^Not known to be worse\. Undecided: bulk/);
    expect(
      table([comparison({})])
        .split("\n")
        .at(-1),
    ).toBe("Not worse.");
  });
});
