import { withProducer } from "@chappe/message";
import { expect, it } from "vitest";
import { Producer } from "../conformance/producer.ts";
import { ProducerSequences } from "./producer-sequences.ts";

const HOUR_MS = 3_600_000;

it("forgets a producer that was silent for an hour, and no other", () => {
  const sequences = new ProducerSequences();
  const [silent, busy, third] = [new Producer(), new Producer(), new Producer()];
  const [first, second] = silent.batches(2);
  sequences.note(first!, 0);
  for (let minute = 0; minute <= 50; minute += 10) sequences.note(busy.batch("x"), (minute * HOUR_MS) / 60);
  expect(sequences.judge(first!).kind).toBe("duplicate");
  sequences.note(third.batch("new"), HOUR_MS + 1);
  expect(sequences.judge(second!)).toMatchObject({ kind: "gap", error: { expectedSequence: 1 } });
  expect(sequences.judge(busy.batch("y")).kind).toBe("next");
});

it("keeps the sequences of different producers apart, also of ids that differ in one bit", () => {
  const sequences = new ProducerSequences();
  const batch = new Producer().batch("x");
  const id = new Uint8Array(16).fill(0xc3);
  sequences.note(withProducer(batch, id, 1), 0);
  expect(sequences.judge(withProducer(batch, id, 2)).kind).toBe("next");
  expect(sequences.judge(withProducer(batch, id.with(7, 0xc2), 2)).kind).toBe("gap");
});
