import { describe, expect, it } from "vitest";
import { byMoves, idOf, movesOf, refOf } from "./entry-ref.ts";

describe("an entry's ref", () => {
  it("is its id, until its subscription is moved", () => {
    const refs = [refOf("17-0", 0), refOf("r17-0", 2)];
    expect(refs).toEqual(["17-0", "r17-0@2"]);
    expect(refs.map(idOf)).toEqual(["17-0", "r17-0"]);
    expect(refs.map(movesOf)).toEqual([0, 2]);
  });

  it("says what was claimed between the same moves, in its order", () => {
    const named = ["1-0", "2-0@1", "3-0", "4-0@1"].map((ref) => ({ ref }));
    const [a, b, c, d] = named;
    expect([...byMoves(named)]).toEqual([
      [0, [a, c]],
      [1, [b, d]],
    ]);
    expect([...byMoves([b!, d!])]).toEqual([[1, [b, d]]]);
    expect([...byMoves([])]).toEqual([]);
  });
});
