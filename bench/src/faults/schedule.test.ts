import { describe, expect, test } from "vitest";
import { allFaults, faultsOn } from "./injected/all-faults.ts";
import { schedule } from "./schedule.ts";
import { SITES } from "./stage/redis-site.ts";

describe.each(SITES)("the schedule of faults of a Redis that stands as %s", (site) => {
  const faults = faultsOn(site);
  const names = (seed: number, minutes: number) => schedule(seed, minutes, faults).map(({ fault }) => fault.name);

  test("is the same for the same seed, and another for another", () => {
    expect(schedule(7, 3, faults)).toEqual(schedule(7, 3, faults));
    expect(names(7, 3)).not.toEqual(names(8, 3));
  });

  test("names every fault once before any comes again, when there is time", () => {
    const all = names(1, 60);
    expect(new Set(all.slice(0, faults.length)).size).toBe(faults.length);
    expect(all.length).toBeGreaterThan(faults.length);
  });

  test("has no fault of another site", () => {
    for (const { fault } of schedule(2, 60, faults)) expect(fault.sites).toContain(site);
  });

  test("has no more than fit into the time", () => {
    const seconds = schedule(3, 2, faults).reduce((sum, { fault }) => sum + fault.seconds, 0);
    expect(seconds).toBeLessThanOrEqual(120);
    expect(seconds).toBeGreaterThan(110);
  });

  test("gives each injection numbers of its own", () => {
    const seeds = schedule(5, 10, faults).map(({ seed }) => seed);
    expect(new Set(seeds).size).toBe(seeds.length);
  });
});

test("every fault has a name of its own", () => {
  expect(new Set(allFaults.map(({ name }) => name)).size).toBe(allFaults.length);
});

test("each site has faults of its own, and those that need no certain site are on all", () => {
  const on = Object.fromEntries(SITES.map((site) => [site, faultsOn(site).map(({ name }) => name)]));
  expect(on["standalone"]).toEqual(expect.arrayContaining(["empty-redis", "deaf-redis-link", "kill-router"]));
  expect(on["sentinel"]).toEqual(expect.arrayContaining(["fail-over-redis", "lose-redis", "kill-router"]));
  expect(on["cluster"]).toEqual(expect.arrayContaining(["fail-over-redis", "lose-redis", "move-slots", "kill-router"]));
  expect(on["standalone"]).not.toContain("lose-redis");
  expect(on["sentinel"]).not.toContain("move-slots");
  expect(on["cluster"]).not.toContain("deaf-redis-link");
});
