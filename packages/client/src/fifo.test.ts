import fc from "fast-check";
import { expect, test } from "vitest";
import { Fifo } from "./fifo.ts";

test("a queue gives what an array would give, whatever is done with it", () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant("push" as const), count: fc.integer({ min: 1, max: 1_500 }) }),
    fc.record({ kind: fc.constant("shift" as const), count: fc.integer({ min: 1, max: 1_500 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const queue = new Fifo<number>();
      const model: number[] = [];
      let next = 0;
      for (const { kind, count } of steps) {
        for (let done = 0; done < count; done++) {
          if (kind === "push") {
            queue.push(next);
            model.push(next++);
          } else {
            expect(queue.shift()).toBe(model.shift());
          }
        }
        expect([queue.length, queue.peek()]).toEqual([model.length, model[0]]);
      }
      expect(queue.drain()).toEqual(model);
      expect(queue.length).toBe(0);
    }),
    { numRuns: 30 },
  );
});
