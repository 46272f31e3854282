import { expect, test } from "vitest";
import { tableLines } from "./table.ts";

test("columns stand below their titles, numbers to the right", () => {
  const columns = [
    { title: "ADDRESS", text: ({ address }: { address: string }) => address },
    { title: "DEPTH", align: "right", text: ({ depth }: { depth: number }) => String(depth) },
    { title: "WHY", text: ({ why }: { why: string }) => why },
  ] as const;
  const rows = [
    { address: "receiver:a", depth: 7, why: "" },
    { address: "b", depth: 123_456, why: "bad" },
  ];
  expect(tableLines<(typeof rows)[number]>(columns, rows)).toEqual([
    "ADDRESS      DEPTH  WHY",
    "receiver:a       7",
    "b           123456  bad",
  ]);
});
