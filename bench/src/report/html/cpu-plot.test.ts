import { expect, it } from "vitest";
import { sampleResult } from "../fixtures/sample-report.ts";
import { splitByCost } from "./cpu-plot.ts";

const costing = (...micros: number[]) =>
  micros.map((cost) =>
    sampleResult(`case-${cost}`, { cpuMicrosPerMessage: cost, cpuMicrosPerMessageByProcess: { router: cost } }),
  );
const split = (results: ReturnType<typeof costing>) => splitByCost({ kind: "max", title: "Fast", results });

it("keeps cases on one scale, cheapest first", () => {
  const [group, ...others] = split(costing(7, 2, 4));
  expect(others).toEqual([]);
  expect(group?.title).toBe("Fast");
  expect(group?.results.map(({ name }) => name)).toEqual(["case-2", "case-4", "case-7"]);
});

it("gives what costs far more a scale of its own, and says so", () => {
  expect(split(costing(113, 2, 7)).map(({ title }) => title)).toEqual(["Fast: 2.00 to 7.00 µs", "Fast: 113 µs"]);
});

it("leaves out cases of which no process is known", () => {
  expect(split([sampleResult("chappe/micro/id/new")])).toEqual([]);
});
