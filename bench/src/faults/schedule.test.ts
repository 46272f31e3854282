import { describe, expect, test } from "vitest";
import { allFaults } from "./injected/all-faults.ts";
import { schedule } from "./schedule.ts";

function names(seed: number, minutes: number): string[] {
  return schedule(seed, minutes, allFaults).map(({ fault }) => fault.name);
}

describe("the schedule of faults", () => {
  test("is the same for the same seed, and another for another", () => {
    expect(schedule(7, 3, allFaults)).toEqual(schedule(7, 3, allFaults));
    expect(names(7, 3)).not.toEqual(names(8, 3));
  });

  test("names every fault once before any comes again, when there is time", () => {
    const all = names(1, 60);
    expect(new Set(all.slice(0, allFaults.length)).size).toBe(allFaults.length);
    expect(all.length).toBeGreaterThan(allFaults.length);
  });

  test("has no more than fit into the time", () => {
    const seconds = schedule(3, 2, allFaults).reduce((sum, { fault }) => sum + fault.seconds, 0);
    expect(seconds).toBeLessThanOrEqual(120);
    expect(seconds).toBeGreaterThan(110);
  });

  test("gives each injection numbers of its own", () => {
    const seeds = schedule(5, 10, allFaults).map(({ seed }) => seed);
    expect(new Set(seeds).size).toBe(seeds.length);
  });
});

test("every fault has a name of its own", () => {
  expect(new Set(allFaults.map(({ name }) => name)).size).toBe(allFaults.length);
});
