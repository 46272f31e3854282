import { expect, it } from "vitest";
import { meetsTarget, ratioDefinitions, ratiosOf, targetText } from "./ratios.ts";
import { sampleResult as result } from "./report/fixtures/sample-report.ts";

it("compares what ran, and leaves out what did not", () => {
  const results = [
    result("chappe/end-to-end/one-to-one", { messagesPerSecond: 200 }),
    result("redis/xadd", { messagesPerSecond: 150 }),
    result("chappe/end-to-end/thousand-receivers", { messagesPerSecond: 100 }),
  ];
  expect(ratiosOf(results)).toEqual({ endToEndVsRedisXadd: 1.333, thousandReceiversVsOne: 0.5 });
});

it("compares CPU time, latencies, options and measures too", () => {
  const results = [
    result("chappe/end-to-end/one-router", { cpuMicrosPerMessage: 4 }),
    result("chappe/end-to-end/four-routers", { cpuMicrosPerMessage: 5 }),
    result("chappe/end-to-end/rate-500", { latencyMicros: { p50: 1, p99: 10, p999: 25, max: 30 } }),
    result("chappe/end-to-end/backlog", {
      options: { bodyBytes: 100 },
      measures: { redisBytesPerMessage: 120, publishPerSecondEarly: 10, publishPerSecondLate: 9 },
    }),
  ];
  expect(ratiosOf(results)).toEqual({
    cpuFourRoutersVsOne: 1.25,
    p999VsP99At500: 2.5,
    backlogMemoryVsBodies: 1.2,
    backlogPublishLateVsEarly: 0.9,
  });
});

it("does not divide by nothing", () => {
  const results = [
    result("chappe/end-to-end/one-to-one"),
    result("redis/xadd", { messagesPerSecond: 0 }),
    result("chappe/end-to-end/rate-500", { latencyMicros: null }),
  ];
  expect(ratiosOf(results)).toEqual({});
});

it.each([
  [{ atLeast: 1.5 }, "≥ 1.5", 1.5, 1.49],
  [{ atMost: 1.3 }, "≤ 1.3", 1.3, 1.31],
])("tells whether a target of %o is met", (target, text, met, missed) => {
  expect(targetText(target)).toBe(text);
  expect(meetsTarget(met, target)).toBe(true);
  expect(meetsTarget(missed, target)).toBe(false);
});

it("says in words what each compares", () => {
  for (const { meaning } of Object.values(ratioDefinitions)) expect(meaning).toContain(" ÷ ");
});
