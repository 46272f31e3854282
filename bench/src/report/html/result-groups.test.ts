import { describe, expect, it } from "vitest";
import { sampleResult } from "../fixtures/sample-report.ts";
import { groupResults, shortName, systemOf } from "./result-groups.ts";

const ours = [
  sampleResult("redis/xadd", { options: { bodyBytes: 100 } }),
  sampleResult("chappe/end-to-end/one-to-one", { options: { bodyBytes: 100, rate: "max" } }),
  sampleResult("chappe/end-to-end/one-mebibyte", { options: { bodyBytes: 1_048_576, rate: "max" } }),
  sampleResult("chappe/end-to-end/rate-500", { options: { rate: 500 } }),
  sampleResult("chappe/end-to-end/rate-2000", { options: { rate: 2_000 } }),
  sampleResult("chappe/micro/id/new", { options: { messagesPerCall: 1 } }),
  sampleResult("stranger", {}),
];
const told = (results: typeof ours) =>
  groupResults(results).map((group) => [group.title, group.results.map(({ name }) => name.split("/").at(-1))]);

describe("groups of results", () => {
  it("hold what one scale fits, each result once", () => {
    expect(told(ours)).toEqual([
      ["As fast as it goes, bodies of 100 bytes", ["xadd", "one-to-one"]],
      ["As fast as it goes, bodies of 1 MiB", ["one-mebibyte"]],
      ["At a given rate", ["rate-500", "rate-2000"]],
      ["Parts, each alone in a process", ["new"]],
      ["As fast as it goes", ["stranger"]],
    ]);
  });

  it("are for each rate when there are systems to compare at it", () => {
    const theirs = [sampleResult("peer/rate-500", { options: { rate: 500 } })];
    expect(told([...ours.slice(3, 5), ...theirs])).toEqual([
      ["At 500 messages/s", ["rate-500", "rate-500"]],
      ["At 2,000 messages/s", ["rate-2000"]],
    ]);
  });
});

it("tells systems apart, and shortens our own names alone", () => {
  expect(ours.map(systemOf)).toEqual(["redis", "chappe", "chappe", "chappe", "chappe", "chappe", "stranger"]);
  expect(shortName({ name: "chappe/micro/id/new" })).toBe("id/new");
  expect(shortName({ name: "peer/rate-500" })).toBe("peer/rate-500");
});
