import { expect, it } from "vitest";
import type { BenchCase } from "./bench-case.ts";
import { expectedSeconds } from "./expected-seconds.ts";

const seconds = (kind: "end-to-end" | "backlog" | "xadd", over: Parameters<typeof expectedSeconds>[1]) =>
  Math.round(expectedSeconds({ kind, name: "case", options: {} }, over));

it("knows what makes a case long", () => {
  expect(seconds("xadd", { seconds: 5 })).toBe(6);
  expect(seconds("end-to-end", { seconds: 60, warmUpSeconds: 9 })).toBe(71);
  expect(seconds("end-to-end", { seconds: 1, warmUpSeconds: 0, receivers: 10_000 })).toBe(3);
  expect(seconds("end-to-end", { seconds: 1, warmUpSeconds: 0, receivers: 10_000, connections: "per-receiver" })).toBe(
    13,
  );
  expect(seconds("backlog", { messages: 2_000_000 })).toBe(12);
  const micro: BenchCase = { kind: "micro", name: "part", run: () => Promise.reject(new Error("not to be run")) };
  expect(expectedSeconds(micro, {})).toBeLessThan(1);
});
