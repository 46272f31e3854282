import { describe, expect, test } from "vitest";
import { IdleTable } from "./idle-table.ts";

function table(maxIdle: number) {
  const busy = new Set<string>();
  const made: string[] = [];
  const values = new IdleTable((name) => {
    made.push(name);
    return {
      name,
      get isIdle() {
        return !busy.has(name);
      },
    };
  }, maxIdle);
  return { values, busy, made };
}

describe("a table of what may be forgotten", () => {
  test("makes each value once", () => {
    const { values, made } = table(10);
    expect(values.get("a")).toBe(values.get("a"));
    values.get("b");
    values.get("a");
    expect(made).toEqual(["a", "b"]);
  });

  test("does not grow for ever while its values are idle", () => {
    const { values } = table(10);
    for (let count = 0; count < 1_000; count++) values.get(`${count}`);
    expect(values.size).toBeLessThanOrEqual(11);
  });

  test("never forgets a busy value", () => {
    const { values, busy, made } = table(4);
    for (const name of ["a", "b", "c"]) {
      busy.add(name);
      values.get(name);
    }
    for (let count = 0; count < 100; count++) values.get(`${count}`);
    made.length = 0;
    for (const name of ["a", "b", "c"]) values.get(name);
    expect(made).toEqual([]);
  });

  test("shrinks again when what was busy is idle", () => {
    const { values, busy } = table(4);
    for (let count = 0; count < 100; count++) {
      busy.add(`${count}`);
      values.get(`${count}`);
    }
    expect(values.size).toBe(100);
    busy.clear();
    for (let count = 0; count < 100; count++) values.get(`later ${count}`);
    expect(values.size).toBeLessThanOrEqual(8);
  });
});
