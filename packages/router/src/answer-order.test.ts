import fc from "fast-check";
import { expect, test } from "vitest";
import { AnswerOrder, type Place } from "./answer-order.ts";

const id = (number: number): Uint8Array => new Uint8Array(16).fill(number);

test("an answer waits for those to earlier batches of its producer", () => {
  const out: string[] = [];
  const order = new AnswerOrder<{ readonly name: string }>(({ name }) => out.push(name));
  const [first, second, third] = [order.enter(id(1)), order.enter(id(1)), order.enter(id(1))];
  order.answer(second!, { name: "second" });
  order.answer(third!, { name: "third" });
  expect(out).toEqual([]);
  order.answer(first!, { name: "first" });
  expect(out).toEqual(["first", "second", "third"]);
});

test("producers do not wait for each other, nor batches without one for anybody", () => {
  const out: string[] = [];
  const order = new AnswerOrder<{ readonly name: string }>(({ name }) => out.push(name));
  order.enter(id(1));
  const other = order.enter(id(2));
  const none = new Uint8Array(0);
  order.enter(none);
  const free = order.enter(none);
  order.answer(free, { name: "free" });
  order.answer(other, { name: "other" });
  expect(out).toEqual(["free", "other"]);
});

test("whatever the order of the broker's answers, each comes once and each producer's in order", () => {
  const batches = fc.array(fc.record({ producer: fc.integer({ min: 1, max: 3 }), delay: fc.nat(9) }), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(batches, (batches) => {
      const out: { readonly producer: number; readonly index: number }[] = [];
      const order = new AnswerOrder<(typeof out)[number]>((answer) => out.push(answer));
      const places: { place: Place<(typeof out)[number]>; at: number; answer: (typeof out)[number] }[] = [];
      batches.forEach(({ producer, delay }, index) => {
        places.push({ place: order.enter(id(producer)), at: index + delay, answer: { producer, index } });
        for (const { place, answer } of places.filter(({ at }) => at === index)) order.answer(place, answer);
      });
      const late = places.filter(({ at }) => at >= batches.length).sort((a, b) => a.at - b.at);
      for (const { place, answer } of late) order.answer(place, answer);

      expect(out).toHaveLength(batches.length);
      for (const producer of [1, 2, 3]) {
        const indexes = out.filter((answer) => answer.producer === producer).map(({ index }) => index);
        expect(indexes).toEqual(indexes.toSorted((a, b) => a - b));
      }
    }),
  );
});
