import fc from "fast-check";
import { expect, test } from "vitest";
import { BatchBuilder } from "./batch-builder.ts";
import { readMessages } from "./read-messages.ts";
import { recordOffsets } from "./record-offsets.ts";

const bodies = fc.array(fc.oneof(fc.string(), fc.uint8Array({ maxLength: 300 })), { minLength: 1, maxLength: 20 });

test("any run of records is a batch again, with the ids and times of the whole", () => {
  fc.assert(
    fc.property(bodies, fc.nat(), fc.nat(), (all, a, b) => {
      const builder = new BatchBuilder({ sender: "s", address: "topic:t" });
      for (const [index, body] of all.entries()) builder.add({ body }, 1000 + index);
      const { header, records } = builder.finish(new Uint8Array(0), 0);
      const offsets = recordOffsets(records, header.count);
      const [from, to] = [a % (all.length + 1), b % (all.length + 1)].sort((x, y) => x - y) as [number, number];

      const whole = readMessages({ header, records, first: 0, count: header.count });
      const run = records.subarray(offsets[from], offsets[to]);
      const part = readMessages({ header, records: run, first: from, count: to - from });
      const facts = ({ id, timeMs, body, encodedBytes }: (typeof whole)[number]) => ({
        id,
        timeMs,
        body,
        encodedBytes,
      });
      expect(part.map(facts)).toEqual(whole.slice(from, to).map(facts));
      expect(part.reduce((sum, { encodedBytes }) => sum + encodedBytes, 0)).toBe(run.length);
    }),
  );
});

test("no records is no error, when none are announced", () => {
  expect(Array.from(recordOffsets(new Uint8Array(0), 0))).toEqual([0]);
});

test("what is wrong is said with the record and the byte", () => {
  const record = [0x0a, 1, 0x61];
  const walk = (bytes: number[], count: number) => () => recordOffsets(Uint8Array.from(bytes), count);
  expect(walk([...record, ...record], 1)).toThrow("6 bytes do not hold just the 1 records");
  expect(walk([0x0a, 4, 1, 2, 3, 4], 2)).toThrow("records: 1 where the count says 2");
  expect(walk([...record, 0x12, 0], 2)).toThrow("records[1]: tag 18 at byte 3, where only 10 (a record) is allowed");
  expect(walk([...record, 0x0a, 9, 1], 2)).toThrow("records[1]: a length of 9 at byte 4, where 1 bytes are left");
  expect(walk([0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], 1)).toThrow("records[0]: no valid length at byte 1");
  expect(walk([0x0a, 0x80], 1)).toThrow("records[0]: no valid length at byte 1");
});
