import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Fifo } from "./fifo.ts";

describe("Fifo", () => {
  it("behaves as an array does, over any pushes and shifts", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant("push"), fc.constant("shift")), { maxLength: 200 }), (steps) => {
        const fifo = new Fifo<number>();
        const model: number[] = [];
        let next = 0;
        for (const step of steps) {
          if (step === "push") {
            fifo.push(next);
            model.push(next++);
          } else {
            expect(fifo.shift()).toBe(model.shift());
          }
          expect([fifo.length, fifo.end, fifo.start]).toEqual([model.length, next, next - model.length]);
          expect(fifo.first(3)).toEqual(model.slice(0, 3));
        }
      }),
    );
  });

  it("finds an item by its position, also after thousands were taken and the front was cut off", () => {
    const fifo = new Fifo<number>();
    for (let item = 0; item < 5_000; item++) fifo.push(item);
    for (let taken = 0; taken < 4_000; taken++) fifo.shift();
    expect([fifo.at(3_999), fifo.at(4_000), fifo.at(4_999), fifo.at(5_000)]).toEqual([
      undefined,
      4_000,
      4_999,
      undefined,
    ]);
  });
});
