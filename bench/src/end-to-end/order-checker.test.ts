import { describe, expect, it } from "vitest";
import { OrderChecker, sumVerdicts, violation } from "./order-checker.ts";

function checked(sequences: Iterable<number>, sent: number) {
  const checker = new OrderChecker();
  for (const sequence of sequences) checker.note(sequence);
  return checker.verdict(sent);
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

describe("the order checker", () => {
  it("has nothing against each sequence once, in order", () => {
    expect(checked(upTo(10), 10)).toEqual({ received: 10, lost: 0, duplicates: 0, outOfOrder: 0 });
  });

  it("counts a message left out in the middle, and those missing at the end, as lost", () => {
    expect(checked([0, 1, 3, 4], 7)).toMatchObject({ lost: 3, duplicates: 0, outOfOrder: 0 });
  });

  it("counts a message that comes twice as duplicated, at once or later", () => {
    expect(checked([0, 1, 1, 2, 0], 3)).toMatchObject({ lost: 0, duplicates: 2, outOfOrder: 0 });
  });

  it("counts a message that comes after a later one as out of order, and not as lost", () => {
    expect(checked([0, 2, 3, 1], 4)).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 1 });
  });

  it("counts a late message that comes twice as out of order once and duplicated once", () => {
    expect(checked([0, 2, 1, 1], 3)).toMatchObject({ lost: 0, duplicates: 1, outOfOrder: 1 });
  });

  it("finds each kind of violation planted anywhere", () => {
    for (let at = 1; at < 99; at++) {
      const lost = upTo(100).filter((sequence) => sequence !== at);
      expect(checked(lost, 100)).toMatchObject({ lost: 1, duplicates: 0, outOfOrder: 0 });
      const twice = [...upTo(100), at];
      expect(checked(twice, 100)).toMatchObject({ lost: 0, duplicates: 1, outOfOrder: 0 });
      const swapped = upTo(100)
        .with(at, at + 1)
        .with(at + 1, at);
      expect(checked(swapped, 100)).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 1 });
    }
  });
});

it("names what is wrong, and nothing else", () => {
  expect(violation({ received: 9, lost: 0, duplicates: 0, outOfOrder: 0 })).toBeUndefined();
  const sum = sumVerdicts([checked([0, 2], 3), checked([0, 0], 1), checked([1, 0], 2)]);
  expect(sum).toEqual({ received: 6, lost: 1, duplicates: 1, outOfOrder: 1 });
  expect(violation(sum)).toBe("1 lost, 1 duplicated, 1 out of order");
});
