import { expect, it } from "vitest";
import { textTable } from "./text-table.ts";

it("lays out columns as wide as their content, numbers to the right", () => {
  const table = textTable(
    ["case", "msgs/s"],
    ["left", "right"],
    [
      ["one-to-one", "225,423"],
      ["x", "7"],
    ],
  );
  expect(table.split("\n")).toEqual([
    "case         msgs/s",
    "──────────  ───────",
    "one-to-one  225,423",
    "x                 7",
  ]);
});
