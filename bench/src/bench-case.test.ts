import { describe, expect, it } from "vitest";
import { type BenchCase, checkOverridesApply, listCases, optionsFor, selectCases } from "./bench-case.ts";

const cases: BenchCase[] = [
  { kind: "end-to-end", name: "chappe/end-to-end/one-to-one", options: {} },
  { kind: "end-to-end", name: "chappe/end-to-end/connected", options: {}, onDemand: true },
  { kind: "xadd", name: "redis/xadd", options: {} },
];
const names = (pattern?: RegExp) => selectCases(cases, pattern).map(({ name }) => name);

describe("cases on demand", () => {
  it("do not run when everything does, nor when a group does that they belong to", () => {
    expect(names()).toEqual(["chappe/end-to-end/one-to-one", "redis/xadd"]);
    expect(names(/end-to-end/)).toEqual(["chappe/end-to-end/one-to-one"]);
  });

  it("run when they are named, and are listed as what they are", () => {
    expect(names(/^connected$|xadd/)).toEqual(["chappe/end-to-end/connected", "redis/xadd"]);
    expect(listCases(cases)).toContain("chappe/end-to-end/connected (on demand)\nredis/xadd");
  });
});

it("refuses a pattern that matches nothing, and lists the names", () => {
  expect(() => selectCases(cases, /nothing/)).toThrow("no case matches /nothing/; there are\nchappe/end-to-end");
});

it("takes of options what a kind of case has", () => {
  expect(optionsFor("xadd", { bodyBytes: 64, senders: 2, seconds: 1 })).toEqual({ bodyBytes: 64, seconds: 1 });
  expect(optionsFor("backlog", { messages: 1_000, rate: 5 })).toEqual({ messages: 1_000 });
});

it("refuses options that none of the selected cases has", () => {
  expect(() => checkOverridesApply(cases, { senders: 2, messages: 1_000 })).toThrow("--messages: none of the selected");
  expect(() => checkOverridesApply(cases, { senders: 2, bodyBytes: 64 })).not.toThrow();
});
