import { describe, expect, test } from "vitest";
import { allFaults, faultsOn } from "./injected/all-faults.ts";
import { schedule } from "./schedule.ts";
import { SITES } from "./stage/redis-site.ts";

describe.each(SITES)("the schedule of faults of a Redis that stands as %s", (site) => {
  const faults = faultsOn(site);
  const planned = (seed: number, times: number) => {
    const endless = schedule(seed, faults);
    return Array.from({ length: times }, () => endless.next().value);
  };
  const names = (seed: number, times: number) => planned(seed, times).map(({ fault }) => fault.name);

  test("is the same for the same seed, and another for another", () => {
    expect(planned(7, 100)).toEqual(planned(7, 100));
    expect(names(7, 10)).not.toEqual(names(8, 10));
  });

  test("names every fault once before any comes again, and then all again in another order", () => {
    const all = names(1, 2 * faults.length);
    const [first, second] = [all.slice(0, faults.length), all.slice(faults.length)];
    expect([new Set(first).size, new Set(second).size]).toEqual([faults.length, faults.length]);
    expect(second).not.toEqual(first);
  });

  test("has no fault of another site", () => {
    for (const { fault } of planned(2, 2 * faults.length)) expect(fault.sites).toContain(site);
  });

  test("gives each injection numbers of its own", () => {
    const seeds = planned(5, 100).map(({ seed }) => seed);
    expect(new Set(seeds).size).toBe(seeds.length);
  });
});

test("every fault has a name of its own", () => {
  expect(new Set(allFaults.map(({ name }) => name)).size).toBe(allFaults.length);
});

test("each site has faults of its own, and those that need no certain site are on all", () => {
  const on = Object.fromEntries(SITES.map((site) => [site, faultsOn(site).map(({ name }) => name)]));
  expect(on["standalone"]).toEqual(expect.arrayContaining(["empty-redis", "deaf-redis-link", "kill-router"]));
  expect(on["sentinel"]).toEqual(
    expect.arrayContaining(["fail-over-redis", "lose-redis", "deaf-redis-link", "kill-router"]),
  );
  expect(on["cluster"]).toEqual(
    expect.arrayContaining(["fail-over-redis", "lose-redis", "move-slots", "deaf-redis-link", "kill-router"]),
  );
  expect(on["standalone"]).not.toContain("lose-redis");
  expect(on["sentinel"]).not.toContain("move-slots");
  expect(on["cluster"]).not.toContain("empty-redis");
});
