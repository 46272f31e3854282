import { expect, it } from "vitest";
import { writeBodyNumber } from "./body-number.ts";
import { LoadArrivals } from "./load-arrivals.ts";

function body(worker: number, sequence: number, bytes = 20): Buffer {
  const buffer = Buffer.alloc(bytes);
  writeBodyNumber(buffer, { worker, sequence });
  return buffer;
}

it("finds nothing wrong when all that was stored has come, in whatever order", () => {
  const arrivals = new LoadArrivals(20);
  for (const [worker, sequence] of [
    [1, 0],
    [0, 1],
    [0, 0],
  ] as const)
    arrivals.note(body(worker, sequence));
  expect(arrivals.verdict([2, 1])).toEqual({ received: 3, lost: 0, duplicates: 0, outOfOrder: 0 });
});

it("counts what was stored and has not come, also of a worker of whom nothing came", () => {
  const arrivals = new LoadArrivals(20);
  arrivals.note(body(0, 1));
  expect(arrivals.verdict([2, 5])).toMatchObject({ received: 1, lost: 6 });
});

it("does not let what came unanswered stand in for what is lost", () => {
  const arrivals = new LoadArrivals(20);
  for (const sequence of [0, 2, 3, 4]) arrivals.note(body(0, sequence));
  expect(arrivals.verdict([3])).toMatchObject({ received: 4, lost: 1 });
});

it("counts what came again", () => {
  const arrivals = new LoadArrivals(20);
  for (const sequence of [0, 1, 1, 1]) arrivals.note(body(0, sequence));
  expect(arrivals.verdict([2])).toMatchObject({ received: 4, lost: 0, duplicates: 2 });
});

it("takes a damaged body for a loss", () => {
  const arrivals = new LoadArrivals(20);
  arrivals.note(body(0, 0, 19));
  arrivals.note(Buffer.alloc(20, "x"));
  expect(arrivals.verdict([1])).toMatchObject({ received: 2, lost: 1 });
});
