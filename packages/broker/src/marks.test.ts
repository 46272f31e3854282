import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Marks } from "./marks.ts";

describe("Marks", () => {
  it("says which messages are marked and which are not, whatever the order of marking", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.tuple(fc.nat(39), fc.integer({ min: 1, max: 9 }))),
        (size, steps) => {
          const marks = new Marks(size);
          const expected = new Array<boolean>(size).fill(false);
          for (const [from, length] of steps) {
            const to = from + length;
            if (to > size) continue;
            const taken = expected.slice(from, to).includes(true);
            expect(marks.any(from, to)).toBe(taken);
            if (taken) continue;
            marks.add(from, to);
            expected.fill(true, from, to);
          }
          expect(marks.count).toBe(expected.filter(Boolean).length);
          expect(marks.full).toBe(!expected.includes(false));
          const rebuilt = new Array<boolean>(size).fill(false);
          for (const { from, to } of marks.ranges()) rebuilt.fill(true, from, to);
          expect(rebuilt).toEqual(expected);
          for (const { from, to } of marks.gaps()) rebuilt.fill(true, from, to);
          expect(rebuilt).not.toContain(false);
        },
      ),
    );
  });

  it("joins neighbours into one range", () => {
    const marks = new Marks(10);
    marks.add(4, 6);
    marks.add(0, 4);
    marks.add(9, 10);
    expect(marks.ranges()).toEqual([
      { from: 0, to: 6 },
      { from: 9, to: 10 },
    ]);
    expect(marks.gaps()).toEqual([{ from: 6, to: 9 }]);
  });
});
