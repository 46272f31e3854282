import { expect, test } from "vitest";
import { BatchBuilder } from "./batch-builder.ts";
import type { Batch, BatchHeader } from "./batch.ts";
import { encodeBatchHeader, withProducer } from "./batch-header-codec.ts";
import { ChappeError } from "./chappe-error.ts";
import { checkBatch } from "./check-batch.ts";

function batchOf(...bodies: (string | Uint8Array)[]): Batch {
  const builder = new BatchBuilder({ sender: "sender-01", address: "topic:orders" });
  for (const body of bodies) builder.add({ body }, 1000);
  return builder.finish(new Uint8Array(16).fill(1), 1);
}

function withHeader(change: Partial<BatchHeader>): Batch {
  const batch = batchOf("a", "b");
  const header = { ...batch.header, ...change };
  return { header, headerBytes: encodeBatchHeader(header), records: batch.records };
}

test("what a BatchBuilder makes passes, up to its largest message", () => {
  checkBatch(batchOf("a", "b", "c"));
  checkBatch(batchOf(new Uint8Array(1_048_576)));
  checkBatch(withProducer(batchOf("a"), new Uint8Array(0), 0));
});

const WRONG: [string, Partial<BatchHeader>, string][] = [
  ["a sender outside the grammar", { sender: "a b" }, 'sender "a b" has " " at position 1'],
  ["no sender", { sender: "" }, "sender is empty"],
  ["an address of no kind", { address: "orders" }, 'must begin with "receiver:" or "topic:"'],
  ["a short producer id", { producerId: new Uint8Array(15) }, "producer_id has 15 bytes; 16 or none are allowed"],
  ["a sequence without producer", { producerId: new Uint8Array(0) }, "sequence is 1 without a producer_id"],
  ["a producer without sequence", { sequence: 0 }, "sequence is 0 with a producer_id; it counts from 1"],
  ["no messages", { count: 0 }, "count is 0; 1 to 1024 are allowed"],
  ["too many messages", { count: 1025 }, "count is 1025; 1 to 1024 are allowed"],
  ["a count that lies low", { count: 1 }, "5 bytes follow the 1 records that the count says"],
  ["a count that lies high", { count: 3 }, "records: 2 where the count says 3"],
  ["a short id", { firstId: new Uint8Array(4) }, "first_id has 4 bytes; 16 are needed"],
  ["a long content type", { contentType: "x".repeat(201) }, "content_type"],
  ["a long type", { type: "é".repeat(101) }, "has 202 bytes; at most 200 are allowed"],
  ["a long ordering key", { orderingKey: "x".repeat(201) }, "ordering_key"],
  ["a long deduplication id", { deduplicationId: "x".repeat(201) }, "deduplication_id"],
  [
    "a deduplication id for two",
    { deduplicationId: "d" },
    "deduplication_id in a batch of 2 messages; only 1 is allowed",
  ],
];

for (const [what, change, message] of WRONG) {
  test(`${what} is refused`, () => {
    expect(() => checkBatch(withHeader(change))).toThrow(message);
    expect(() => checkBatch(withHeader(change))).toThrow(ChappeError);
  });
}

test("a body above the limit is refused as INVALID_ARGUMENT, alone and among others", () => {
  const limits = { maxMessageBytes: 1000 };
  checkBatch(batchOf(new Uint8Array(1000)), limits);
  for (const batch of [batchOf(new Uint8Array(20_000)), batchOf("a", new Uint8Array(20_000))]) {
    expect(() => checkBatch(batch, limits)).toThrow(/records\[\d\] has 200\d\d bytes; at most 17384 are allowed/);
  }
});

test("a batch of several messages must not be longer than 64 KiB", () => {
  const one = batchOf(new Uint8Array(40_000));
  const header = { ...one.header, count: 2 };
  const two = { header, headerBytes: encodeBatchHeader(header), records: Buffer.concat([one.records, one.records]) };
  expect(() => checkBatch(two)).toThrow("at most 65536 are allowed in a batch of 2 messages");
});

test("a header swollen by fields that nobody knows is refused: it would be stored with every batch", () => {
  const batch = batchOf("a");
  const unknown = Buffer.concat([Buffer.from([(15 << 3) | 2, 0xff, 0x1f]), Buffer.alloc(4095)]);
  const headerBytes = Buffer.concat([batch.headerBytes, unknown]);
  expect(() => checkBatch({ ...batch, headerBytes })).toThrow("at most 4096 are allowed");
});
