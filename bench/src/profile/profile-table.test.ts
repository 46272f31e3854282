import { expect, it } from "vitest";
import { allocationTable, cpuTable } from "./profile-table.ts";

const cost = { name: "encode codec.ts:42", package: "@chappe/message", self: 1_500_000, share: 0.75 };
const summary = { total: 2_000_000, functions: [cost], packages: [{ ...cost, name: cost.package }] };

it("says how busy each process was, and where the time went by package and by function", () => {
  const table = cpuTable("router", { ...summary, idle: 2_000_000, busy: [0.66, 0.334] });
  expect(table).toContain("2 routers: busy 66 %, 33 % of 2.0 s\n");
  expect(table).toMatch(/^75\.0 % +1500 +@chappe\/message$/m);
  expect(table).toMatch(/^75\.0 % +1500 +encode codec\.ts:42 +@chappe\/message$/m);
  expect(cpuTable("router", { ...summary, idle: 0, busy: [1] })).toContain("router: busy 100 % of 2.0 s\n");
});

it("says who allocated how much", () => {
  const table = allocationTable("sender", 1, summary);
  expect(table).toContain("sender: 2 MiB allocated in V8's heap\n");
  expect(table).toMatch(/^75\.0 % +1465 +encode codec\.ts:42 +@chappe\/message$/m);
});
