import { expect, it } from "vitest";
import { fixedWorks } from "../fixed-work/fixed-works.ts";
import { readExpectedCounters } from "./expected-counters.ts";
import { judgeCounters } from "./judged-counters.ts";

it("bench/counters.json knows every work, with every counter that is judged", () => {
  const { counters } = readExpectedCounters();
  expect(Object.keys(counters)).toEqual(fixedWorks.map(({ name }) => name));
  for (const [work, counts] of Object.entries(counters)) {
    const judged = judgeCounters(work, counts, counts).map(({ counter }) => counter);
    expect(Object.keys(counts)).toEqual(judged);
  }
});
