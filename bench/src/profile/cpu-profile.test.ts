import { describe, expect, it } from "vitest";
import { type CpuProfile, summarizeCpu } from "./cpu-profile.ts";

const frame = (functionName: string, url = "") => ({ functionName, url, lineNumber: 41 });

const profile: CpuProfile = {
  nodes: [
    { id: 1, callFrame: frame("(idle)") },
    { id: 2, callFrame: frame("(garbage collector)") },
    { id: 3, callFrame: frame("encode", "file:///repo/packages/message/src/codec.ts") },
    // The same function, called from elsewhere.
    { id: 4, callFrame: frame("encode", "file:///repo/packages/message/src/codec.ts") },
    { id: 5, callFrame: frame("decode", "file:///repo/packages/message/src/codec.ts") },
    { id: 6, callFrame: frame("post", "node:inspector") },
  ],
  samples: [1, 3, 4, 5, 2, 6],
  timeDeltas: [1_000, 200, 300, 400, 100, 9_000],
};

describe("a profile", () => {
  it("is added up by function, wherever it was called from, most time first", () => {
    const { functions } = summarizeCpu([profile]);
    expect(functions.map(({ name, self }) => [name, self])).toEqual([
      ["encode codec.ts:42", 500],
      ["decode codec.ts:42", 400],
      ["(garbage collector)", 100],
    ]);
  });

  it("is added up by package, as shares of the time that was not idle", () => {
    const { packages, total, idle } = summarizeCpu([profile]);
    expect(packages.map(({ name, share }) => [name, share])).toEqual([
      ["@chappe/message", 0.9],
      ["v8", 0.1],
    ]);
    expect([total, idle]).toEqual([1_000, 1_000]);
  });

  it("is added to those of other processes of the kind, and tells how busy each was", () => {
    const idler = { ...profile, samples: [1, 5], timeDeltas: [3_000, 1_000] };
    const { functions, busy, total, idle } = summarizeCpu([profile, idler]);
    expect(functions.map(({ name, self }) => [name, self])).toEqual([
      ["decode codec.ts:42", 1_400],
      ["encode codec.ts:42", 500],
      ["(garbage collector)", 100],
    ]);
    expect([busy, total, idle]).toEqual([[0.5, 0.25], 2_000, 4_000]);
  });
});
