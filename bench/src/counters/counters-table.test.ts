import { describe, expect, it } from "vitest";
import { countersTable } from "./counters-table.ts";
import type { CounterJudgement } from "./judged-counters.ts";

const judged = (over: Partial<CounterJudgement>): CounterJudgement => ({
  counter: "redisCommands",
  base: 1_000,
  head: 1_000,
  ratio: 1,
  bound: 0.05,
  verdict: "same",
  ...over,
});
const table = (judgement: CounterJudgement, differences: readonly string[] = []) =>
  countersTable({ works: [{ work: "bulk", judgements: [judgement] }], differences });

describe("the table of counters", () => {
  it("shows what was expected, what was counted and what is allowed", () => {
    expect(table(judged({}))).toMatch(/bulk +redisCommands +1,000 +1,000 +\+0\.0 % +\+5\.0 % +same$/);
  });

  it("says how to accept a counter that grew, and how to keep one that fell", () => {
    expect(table(judged({ head: 1_100, ratio: 1.1, verdict: "grew" }))).toMatch(
      /\+10\.0 %.*grew\n.*If that is meant.*--update/s,
    );
    expect(table(judged({ head: 900, ratio: 0.9, verdict: "fell" }))).toMatch(
      /-10\.0 %.*fell\n.*To keep it there.*--update/s,
    );
  });

  it("says so when Node or Redis are others than those that were counted with", () => {
    expect(table(judged({}), ["Node v25 in place of v24"])).toContain("Counted with Node v25 in place of v24");
  });
});
