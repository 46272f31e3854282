import fc from "fast-check";
import { expect, test } from "vitest";
import {
  BatchBuilder,
  ChappeError,
  checkBatch,
  decodeBatchHeader,
  decodeCancelResponse,
  decodePublishRequest,
  decodePublishResponse,
  decodeSubscribeRequest,
  decodeSubscribeResponse,
  encodePublishRequest,
  encodePublishResponse,
  encodeSubscribeRequest,
  encodeSubscribeResponse,
  firstExpiryMs,
  type Message,
  readMessages,
  recordOffsets,
  toCloudEvent,
} from "./index.ts";

// Whatever arrives, the only error is a ChappeError INVALID_ARGUMENT: anything else would end a router's process.

function invalidArgumentOnly(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof ChappeError) || error.code !== "INVALID_ARGUMENT") throw error;
  }
}

const builder = new BatchBuilder({ sender: "sender-01", address: "topic:orders", orderingKey: "k" });
for (const body of ["text", new Uint8Array(300), { json: true }, "é€😀"]) {
  const attributes = { region: "eu", empty: "" };
  builder.add({ body, orderingKey: "k", id: "own", correlationId: "c", replyTo: "receiver:a", attributes }, 1_000);
}
const batch = builder.finish(new Uint8Array(16).fill(1), 7);
const { headerBytes, records } = batch;
const error = { code: "ABORTED", message: "no", retryable: true, expectedSequence: 4 } as const;
const delivery = { number: 1, attempt: 1, redelivered: true, first: 2, count: 4, headerBytes, records, suspect: true };

const decoders: Record<string, { decode: (bytes: Uint8Array) => unknown; valid: Uint8Array }> = {
  decodeBatchHeader: { decode: decodeBatchHeader, valid: headerBytes },
  decodePublishRequest: {
    decode: (bytes) => {
      for (const each of decodePublishRequest(bytes).batches) checkBatch(each);
    },
    valid: encodePublishRequest({ number: 300, batches: [batch, batch], durability: "fsynced" }),
  },
  decodePublishResponse: {
    decode: decodePublishResponse,
    valid: encodePublishResponse({
      results: [
        { number: 1, index: 0, error },
        { number: 1, index: 1, receipt: { durability: "accepted", duplicate: true, epoch: "e" } },
      ],
    }),
  },
  decodeCancelResponse: { decode: decodeCancelResponse, valid: Uint8Array.of(8, 1, 18, 1, 7) },
  firstExpiryMs: { decode: firstExpiryMs, valid: headerBytes },
  decodeSubscribeRequest: {
    decode: decodeSubscribeRequest,
    valid: encodeSubscribeRequest({
      open: { address: "topic:orders", subscription: "billing", consumer: "c", startFrom: "earliest" },
      credit: { messages: 1000, bytes: 2 ** 34 },
      number: 9,
      outcomes: [{ delivery: 1, first: 0, count: 2, kind: "fail", delayMs: 5_000, reason: "no" }],
      draining: true,
    }),
  },
  decodeSubscribeResponse: {
    decode: decodeSubscribeResponse,
    valid: encodeSubscribeResponse({
      opened: { epoch: "e", leaseMs: 30_000, heartbeatMs: 10_000, maxAttempts: 5 },
      deliveries: [delivery],
      settled: [{ number: 1, refused: [{ delivery: 1, first: 0, count: 1, error }] }],
      draining: true,
      epoch: "f",
      revoked: [1, 300, 70_000],
    }),
  },
};

const readers: ((message: Message) => unknown)[] = [
  (message) => message.text(),
  (message) => message.bytes(),
  (message) => message.body,
  (message) => message.json(),
  (message) => message.id,
  (message) => message.type,
  (message) => message.contentType,
  (message) => message.correlationId,
  (message) => message.replyTo,
  (message) => message.traceparent,
  (message) => message.attributes,
  (message) => message.timeMs,
  (message) => message.encodedBytes,
  (message) => toCloudEvent(message),
];

function readEverything(bytes: Uint8Array, count: number): void {
  let messages: Message[] = [];
  invalidArgumentOnly(() => {
    messages = readMessages({ header: batch.header, records: bytes, first: 0, count });
  });
  for (const message of messages) for (const read of readers) invalidArgumentOnly(() => read(message));
}

/** Bytes in the shape of protobuf fields: right and wrong wire types, long varints, lengths that lie. */
const varint = fc.oneof(
  fc.integer({ min: 0, max: 127 }).map((byte) => [byte]),
  fc
    .tuple(fc.array(fc.integer({ min: 128, max: 255 }), { maxLength: 10 }), fc.nat({ max: 127 }))
    .map((each) => each.flat()),
);
const field = fc
  .tuple(fc.nat({ max: 16 }), fc.nat({ max: 7 }), varint, fc.uint8Array({ maxLength: 12 }), fc.boolean())
  .map(([number, wireType, length, payload, honest]) => [
    (number << 3) | wireType,
    ...(honest ? [payload.length] : length),
    ...payload,
  ]);
const fields = fc.array(field, { maxLength: 8 }).map((each) => Uint8Array.from(each.flat()));
const nested = fields.map((inner) => Uint8Array.from([(2 << 3) | 2, inner.length & 0x7f, ...inner]));
const garbage = fc.oneof(fc.uint8Array({ maxLength: 64 }), fields, nested);

/** A good frame with one thing wrong: cut, a byte changed, or some replaced by the longest varint. */
function damaged(valid: Uint8Array): fc.Arbitrary<Uint8Array> {
  const at = fc.nat({ max: valid.length - 1 });
  return fc.oneof(
    at.map((length) => valid.subarray(0, length)),
    fc
      .tuple(at, fc.nat({ max: 255 }))
      .map(([position, byte]) => Uint8Array.from(valid).fill(byte, position, position + 1)),
    fc
      .tuple(at, fc.nat({ max: 11 }))
      .map(([position, length]) => Uint8Array.from(valid).fill(0xff, position, position + length)),
  );
}

for (const [name, { decode, valid }] of Object.entries(decoders)) {
  test(`${name} refuses garbage with INVALID_ARGUMENT and nothing else`, () => {
    decode(valid);
    fc.assert(
      fc.property(fc.oneof(garbage, damaged(valid)), (bytes) => invalidArgumentOnly(() => decode(bytes))),
      { numRuns: 2_000 },
    );
  });

  test(`${name} passes over unknown numbers of 10 bytes, and refuses longer ones and field 0`, () => {
    // Field 14 is in no message of the contract.
    const unknown = (bytes: number) => Uint8Array.from([(14 << 3) | 0, ...new Array<number>(bytes - 1).fill(0xff), 1]);
    expect(decode(Buffer.concat([unknown(10), valid]))).toEqual(decode(valid));
    expect(() => decode(unknown(11))).toThrow("a number longer than 10 bytes");
    expect(() => decode(Uint8Array.of(0, 0))).toThrow("field number 0");
  });
}

test("a number that is read is at most 10 bytes long, and never above 2^53 - 1", () => {
  const sequence =
    (...bytes: number[]) =>
    () =>
      decodeBatchHeader(Uint8Array.from([(4 << 3) | 0, ...bytes]));
  const ff = new Array<number>(9).fill(0xff);
  expect(sequence(...ff, 0xff, 0x01)).toThrow("a number longer than 10 bytes");
  expect(sequence(...ff, 0x01)).toThrow("a number above 2^53 - 1");
  expect(sequence(0xff)).toThrow("cut inside a number");
});

test("readMessages and every getter refuse garbage with INVALID_ARGUMENT and nothing else", () => {
  const framed = fields.map((inner) => Uint8Array.from([0x0a, inner.length & 0x7f, ...inner]));
  fc.assert(fc.property(fc.oneof(garbage, framed, damaged(records)), fc.nat({ max: 5 }), readEverything), {
    numRuns: 3_000,
  });
});

test("a sequence above 2^53 is refused, not rounded", () => {
  const tooLarge = Buffer.from([(4 << 3) | 0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10]);
  expect(() => decodeBatchHeader(tooLarge)).toThrow("batch header: a number above 2^53 - 1, before byte 9");
  const largest = Buffer.from([(4 << 3) | 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f]);
  expect(decodeBatchHeader(largest).sequence).toBe(Number.MAX_SAFE_INTEGER);
});

test("text that is not UTF-8 is refused", () => {
  expect(() => decodeBatchHeader(Buffer.from([0x0a, 2, 0xc3, 0x28]))).toThrow("text that is not UTF-8");
  expect(decodeBatchHeader(Buffer.from([0x0a, 3, 0xef, 0xbf, 0xbd])).sender).toBe("\ufffd");
});

test("a length beyond the end is refused, and says how much is left", () => {
  expect(() => decodeBatchHeader(Buffer.from([0x0a, 5, 0x61]))).toThrow("a length of 5 where 1 bytes are left");
});

test("groups, which proto3 does not have, are refused", () => {
  expect(() => decodeBatchHeader(Buffer.from([(1 << 3) | 3]))).toThrow("wire type 3");
});

test("a frame of more batches than allowed is refused before they are built", () => {
  const oneBatch = encodePublishRequest({ number: 0, batches: [batch], durability: "accepted" }).subarray(0, -2);
  const frame = Buffer.concat(new Array<Buffer>(4097).fill(oneBatch));
  expect(() => decodePublishRequest(frame)).toThrow("more than 4096 batches");
});

test("a count that lies is refused without allocating for it", () => {
  expect(() => recordOffsets(records, 3)).toThrow(ChappeError);
  expect(() => recordOffsets(records, 5)).toThrow(ChappeError);
  expect(() => recordOffsets(records, 0xffff_ffff)).toThrow("do not hold just the 4294967295 records");
  expect(Array.from(recordOffsets(records, 4))).toHaveLength(5);
});

test("a time that is cut, or beyond 32 bits, is refused", () => {
  for (const time of [
    [0x28, 0x80],
    [0x28, 0x80, 0x80, 0x80, 0x80],
    [0x28, 0xff, 0xff, 0xff, 0xff, 0x1f],
  ]) {
    const bytes = Uint8Array.from([0x0a, time.length, ...time]);
    const [message] = readMessages({ header: batch.header, records: bytes, first: 0, count: 1 });
    expect(() => message!.timeMs).toThrow(ChappeError);
  }
});

test("a broken record is told by its message, and leaves its neighbours readable", () => {
  // Record 1 holds a body that says it has 9 bytes.
  const broken = Buffer.from([0x0a, 3, 0x0a, 1, 0x61, 0x0a, 3, 0x0a, 9, 0x62, 0x0a, 3, 0x0a, 1, 0x63]);
  const messages = readMessages({ header: batch.header, records: broken, first: 10, count: 3 });
  expect(messages[0]!.text()).toBe("a");
  expect(() => messages[1]!.text()).toThrow(/message 11 of a batch of sender-01 to topic:orders: a length of 9/);
  expect(messages[2]!.text()).toBe("c");
});
