import { expect, it } from "vitest";
import { summarizeAllocations } from "./allocation-profile.ts";

type Node = Parameters<typeof summarizeAllocations>[0][number]["head"];

const node = (functionName: string, selfSize: number, children: readonly Node[] = []): Node => ({
  callFrame: { functionName, url: "file:///r/packages/router/src/router.ts", lineNumber: 0 },
  selfSize,
  children,
});

it("adds up what each function allocated, wherever it was called from, in all processes", () => {
  const { total, functions } = summarizeAllocations([
    { head: node("(root)", 0, [node("route", 100, [node("encode", 300)])]) },
    { head: node("(root)", 0, [node("encode", 200)]) },
  ]);
  expect(total).toBe(600);
  expect(functions.map(({ name, self }) => [name, self])).toEqual([
    ["encode router.ts:1", 500],
    ["route router.ts:1", 100],
  ]);
});
