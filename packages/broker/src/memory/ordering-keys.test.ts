import { describe, expect, it } from "vitest";
import { OrderingKeys } from "./ordering-keys.ts";
import { FOLLOWS_NONE } from "./stored-part.ts";

describe("OrderingKeys", () => {
  it("names the batch before with the same key", () => {
    const keys = new OrderingKeys(() => true);
    expect([keys.next("a", 0), keys.next("b", 1), keys.next("a", 2), keys.next("a", 3)]).toEqual([
      FOLLOWS_NONE,
      FOLLOWS_NONE,
      0,
      2,
    ]);
  });

  it("forgets keys whose last batch is settled, and no others", () => {
    let openFrom = 0;
    const keys = new OrderingKeys((position) => position >= openFrom);
    for (let position = 0; position < 10_000; position++) {
      keys.next(`key ${position}`, position);
      openFrom = position - 10;
      expect(keys.size).toBeLessThanOrEqual(64);
    }
    expect(keys.next("key 9999", 10_000)).toBe(9_999);
  });
});
