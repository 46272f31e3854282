import { expect, test } from "vitest";
import { SLOTS, SlotMap, slotRangesOf } from "./slot-map.ts";

test("the answer of a node that does not know its own host means the one it was reached at", () => {
  const node = (host: string | null, port: number) => [
    host === null ? null : Buffer.from(host),
    port,
    Buffer.from("id"),
  ];
  const answer = [
    [0, 5, node("10.0.0.1", 7000), node("10.0.0.2", 7001)],
    [6, 9, node("", 7002)],
    [10, 10, node(null, 7003)],
  ];
  const here = { host: "here", port: 1 };
  expect(slotRangesOf(answer as never, here)).toEqual([
    { first: 0, last: 5, master: { host: "10.0.0.1", port: 7000 } },
    { first: 6, last: 9, master: { host: "here", port: 7002 } },
    { first: 10, last: 10, master: { host: "here", port: 7003 } },
  ]);
});

test("a map knows who serves what, and how much is served by nobody", () => {
  const map = new SlotMap();
  expect(map.unserved).toBe(SLOTS);
  expect(map.assign(7, "a:1")).toBe(true);
  expect(map.assign(7, "a:1")).toBe(false);
  expect(map.assign(8, "b:1")).toBe(true);
  expect(map.nodeOf(7)).toBe("a:1");
  expect(map.nodeOf(9)).toBeUndefined();
  expect(map.assign(8, "c:1")).toBe(true);
  expect(map.assign(8, "b:1")).toBe(true);
  expect([7, 8, 9].map((slot) => map.movesOf(slot))).toEqual([1, 3, 0]);
  expect([...map.masters()]).toEqual(["a:1", "b:1"]);
  expect(map.unserved).toBe(SLOTS - 2);
});
