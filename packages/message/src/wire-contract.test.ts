import { join } from "node:path";
import { protoRoot } from "@chappe/proto";
import fc from "fast-check";
import protobuf from "protobufjs";
import { expect, test } from "vitest";
import {
  type Batch,
  BatchBuilder,
  type BatchHeader,
  decodeBatchHeader,
  decodeCancelResponse,
  decodePublishRequest,
  decodePublishResponse,
  decodeSubscribeRequest,
  decodeSubscribeResponse,
  type Durability,
  encodeBatchHeader,
  encodeCancelRequest,
  encodePublishRequest,
  encodePublishResponse,
  encodeSubscribeRequest,
  encodeSubscribeResponse,
  ErrorCode,
  type FrameOpen,
  readMessages,
} from "./index.ts";

// Each codec is held against protobufjs, which reads the .proto files themselves: the same bytes out, the same values in.
const root = new protobuf.Root();
root.resolvePath = (_origin, target) => join(protoRoot, target);
await root.load("chappe/v1/service.proto");

function encoded(type: string, value: object): Buffer {
  const message = root.lookupType(`chappe.v1.${type}`);
  return Buffer.from(message.encode(message.fromObject(value)).finish());
}

function decoded(type: string, bytes: Uint8Array): Record<string, unknown> {
  const message = root.lookupType(`chappe.v1.${type}`);
  return message.toObject(message.decode(bytes), { longs: Number, arrays: true, defaults: true, enums: String });
}

/** Text of every kind a sender may hold, but for lone surrogates, which no encoding of UTF-8 keeps. */
const text = (maxLength = 60) => fc.string({ unit: "binary", maxLength });
const bytes = (maxLength = 200) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
const uint32 = fc.oneof(fc.nat({ max: 300 }), fc.integer({ min: 0, max: 0xffff_ffff }));
const uint64 = fc.oneof(uint32, fc.maxSafeNat());

const header: fc.Arbitrary<BatchHeader> = fc.record({
  sender: text(),
  address: text(),
  producerId: bytes(16),
  sequence: uint64,
  count: uint32,
  firstId: bytes(16),
  firstTimeMs: uint64,
  contentType: text(),
  type: text(),
  orderingKey: text(200),
  ttlMs: uint64,
  deliverAtMs: uint64,
  deduplicationId: text(),
  resent: fc.boolean(),
});

/** The header under the names of batch.proto. */
function protoHeader({ firstTimeMs, deliverAtMs, ...same }: BatchHeader): object {
  return { ...same, firstTimeUnixMs: firstTimeMs, deliverAtUnixMs: deliverAtMs };
}

const batch: fc.Arbitrary<Batch> = fc
  .record({ header, records: fc.oneof(bytes(), bytes(20_000)) })
  .map((value) => ({ ...value, headerBytes: encodeBatchHeader(value.header) }))
  .filter(({ headerBytes }) => headerBytes.length > 0);

const error = fc.record({
  code: fc.constantFrom(...(Object.keys(ErrorCode) as ErrorCode[])),
  message: fc.oneof(text(), text(400)),
  retryable: fc.boolean(),
  expectedSequence: fc.option(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), { nil: undefined }),
});
const protoError = (value: { code: ErrorCode }) => ({ ...value, code: ErrorCode[value.code] });

const durability = fc.constantFrom<Durability>("accepted", "replicated", "replicated(2)", "replicated(15)", "fsynced");
/** The durability under the names of service.proto. */
const protoDurability = (value: Durability) => ({
  durability: value.replace(/\(.*/, "").toUpperCase(),
  replicas: value.includes("(") ? Number(/\d+/.exec(value)) : 0,
});

test("a batch header is written and read as protobufjs does", () => {
  fc.assert(
    fc.property(header, (value) => {
      const ours = encodeBatchHeader(value);
      expect(Buffer.from(ours)).toEqual(encoded("BatchHeader", protoHeader(value)));
      expect(decodeBatchHeader(ours)).toEqual(value);
    }),
  );
});

test("a publish request is written and read as protobufjs does", () => {
  const frame = fc.record({ number: uint64, batches: fc.array(batch, { maxLength: 4 }), durability });
  fc.assert(
    fc.property(frame, (value) => {
      const ours = encodePublishRequest(value);
      const batches = value.batches.map((each) => ({ header: protoHeader(each.header), records: each.records }));
      const proto = { number: value.number, batches, ...protoDurability(value.durability) };
      expect(ours).toEqual(encoded("PublishRequest", proto));
      expect(decodePublishRequest(ours)).toEqual(value);
    }),
  );
});

test("a publish request that names no durability asks for the default", () => {
  expect(decodePublishRequest(encoded("PublishRequest", { number: 1 })).durability).toBe("accepted");
});

test("a publish response is written and read as protobufjs does", () => {
  const originalId = fc.option(text(200).filter(Boolean), { nil: undefined });
  const receipt = fc.record({ durability, duplicate: fc.boolean(), epoch: text(200), originalId });
  const result = fc.oneof(
    fc.record({ number: uint64, index: uint32, receipt, error: fc.constant(undefined) }),
    fc.record({ number: uint64, index: uint32, receipt: fc.constant(undefined), error }),
  );
  fc.assert(
    fc.property(fc.array(result, { maxLength: 5 }), fc.boolean(), (results, storeInterrupted) => {
      const ours = encodePublishResponse({ results, storeInterrupted });
      const proto = results.map((each) => ({
        number: each.number,
        index: each.index,
        ...(each.receipt && { receipt: { ...each.receipt, ...protoDurability(each.receipt.durability) } }),
        ...(each.error && { error: protoError(each.error) }),
      }));
      expect(ours).toEqual(encoded("PublishResponse", { results: proto, storeInterrupted }));
      expect(decodePublishResponse(ours)).toEqual({ results, storeInterrupted });
    }),
  );
});

test("a request to take back a message is written, and its answer read, as protobufjs does", () => {
  const name = fc.string({ unit: fc.constantFrom("a", "Z", "0", ".", "_", "-"), minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(text(), name, text(200), fc.boolean(), (sender, to, id, cancelled) => {
      expect(encodeCancelRequest({ sender, address: `receiver:${to}`, id })).toEqual(
        encoded("CancelRequest", { sender, to, id }),
      );
      expect(encodeCancelRequest({ sender, address: `topic:${to}`, id })).toEqual(
        encoded("CancelRequest", { sender, topic: to, id }),
      );
      expect(decodeCancelResponse(encoded("CancelResponse", { cancelled }))).toEqual({ cancelled });
    }),
  );
});

test("a subscribe request is written and read as protobufjs does", () => {
  const outcome = fc.record({
    delivery: uint64,
    first: uint32,
    count: uint32,
    kind: fc.constantFrom("ack" as const, "release" as const, "fail" as const, "reject" as const),
    delayMs: fc.option(uint64, { nil: undefined }),
    reason: fc.option(fc.string({ unit: "binary", minLength: 1, maxLength: 200 }), { nil: undefined }),
  });
  const frame = fc.record({
    open: fc.option(
      fc.record({
        address: text(),
        subscription: text(),
        consumer: text(),
        startFrom: fc.oneof(
          fc.constantFrom("latest" as const, "earliest" as const),
          fc.record({ timeMs: fc.integer({ min: 1, max: 2 ** 48 - 1 }) }),
          fc.uuid({ version: 7 }).map((messageId) => ({ messageId })),
        ),
        singleActive: fc.boolean(),
        beginsSuspects: fc.boolean(),
      }),
      { nil: undefined },
    ),
    credit: fc.option(fc.record({ messages: uint32, bytes: uint64 }), { nil: undefined }),
    number: uint64,
    outcomes: fc.array(outcome, { maxLength: 5 }),
    draining: fc.boolean(),
    begun: fc.array(uint64, { maxLength: 200 }),
  });
  fc.assert(
    fc.property(frame, (value) => {
      const ours = encodeSubscribeRequest(value);
      const proto = {
        ...value,
        ...(value.open && { open: protoOpen(value.open) }),
        outcomes: value.outcomes.map((each) => ({ ...each, kind: each.kind.toUpperCase() })),
      };
      expect(ours).toEqual(encoded("SubscribeRequest", proto));
      expect(decodeSubscribeRequest(ours)).toEqual(value);
    }),
  );
});

function protoOpen({ startFrom, ...open }: Required<FrameOpen>) {
  if (typeof startFrom === "string") return { ...open, startFrom: startFrom.toUpperCase() };
  if ("timeMs" in startFrom) return { ...open, startTimeUnixMs: startFrom.timeMs };
  return { ...open, startId: startFrom.messageId };
}

test("a subscribe response is written and read as protobufjs does", () => {
  const delivery = fc
    .record({
      number: uint64,
      attempt: uint32,
      redelivered: fc.boolean(),
      first: uint32,
      count: uint32,
      suspect: fc.boolean(),
      batch,
    })
    .map(({ batch: { headerBytes, records, header: value }, ...rest }) => ({
      delivery: { ...rest, headerBytes, records },
      proto: { ...rest, header: protoHeader(value), records },
    }));
  const refused = fc.record({ delivery: uint64, first: uint32, count: uint32, error });
  const settled = fc.record({ number: uint64, refused: fc.array(refused, { maxLength: 3 }) });
  const frame = fc.record({
    opened: fc.option(
      fc.record({ epoch: text(), leaseMs: uint32, heartbeatMs: uint32, maxAttempts: uint32, resumed: fc.boolean() }),
      {
        nil: undefined,
      },
    ),
    deliveries: fc.array(delivery, { maxLength: 3 }),
    settled: fc.array(settled, { maxLength: 3 }),
    draining: fc.boolean(),
    epoch: fc.option(fc.string({ unit: "binary", minLength: 1 }), { nil: undefined }),
    revoked: fc.array(uint64, { maxLength: 200 }),
  });
  fc.assert(
    fc.property(frame, (value) => {
      const expected = { ...value, deliveries: value.deliveries.map((each) => each.delivery) };
      const ours = encodeSubscribeResponse(expected);
      const proto = {
        ...value,
        deliveries: value.deliveries.map((each) => each.proto),
        settled: value.settled.map((each) => ({
          ...each,
          refused: each.refused.map((one) => ({ ...one, error: protoError(one.error) })),
        })),
      };
      expect(ours).toEqual(encoded("SubscribeResponse", proto));
      expect(decodeSubscribeResponse(ours)).toEqual(expected);
    }),
  );
});

test("numbers of deliveries are read unpacked as well", () => {
  const numbers = Buffer.from([(6 << 3) | 0, 5, (6 << 3) | 0, 0xac, 0x02]);
  expect(decodeSubscribeResponse(numbers).revoked).toEqual([5, 300]);
  expect(decodeSubscribeRequest(numbers).begun).toEqual([5, 300]);
});

test("empty frames are heartbeats", () => {
  expect(encodeSubscribeRequest({})).toHaveLength(0);
  expect(encodeSubscribeResponse({})).toHaveLength(0);
  expect(decodeSubscribeRequest(Buffer.alloc(0))).toEqual({
    open: undefined,
    credit: undefined,
    number: 0,
    outcomes: [],
    draining: false,
    begun: [],
  });
});

test("a field that nobody here knows is passed over, whatever its wire type", () => {
  const known = encodeBatchHeader(decodeBatchHeader(encoded("BatchHeader", { sender: "a", count: 3 })));
  const unknown = Buffer.from([
    ...[((100 << 3) & 0x7f) | 0x80 | 0, 100 >> 4, 0xff, 0x01],
    ...[((101 << 3) & 0x7f) | 0x80 | 1, 101 >> 4, 1, 2, 3, 4, 5, 6, 7, 8],
    ...[((102 << 3) & 0x7f) | 0x80 | 2, 102 >> 4, 2, 0xff, 0xff],
    ...[((103 << 3) & 0x7f) | 0x80 | 5, 103 >> 4, 1, 2, 3, 4],
  ]);
  expect(decodeBatchHeader(Buffer.concat([unknown, known, unknown]))).toMatchObject({ sender: "a", count: 3 });
});

const option = fc.string({ unit: "binary", maxLength: 45 });
const input = fc.record(
  {
    body: fc.oneof(
      fc.string({ unit: "binary", maxLength: 300 }),
      fc.uint8Array({ maxLength: 300 }),
      fc.uint8Array({ minLength: 16_000, maxLength: 17_000 }),
      fc.jsonValue().filter((value) => typeof value !== "string") as fc.Arbitrary<object | number | null>,
    ),
    contentType: fc.oneof(fc.constant("text/plain; charset=utf-8"), option),
    type: fc.oneof(fc.constant("order.created"), option),
    id: fc.string({ unit: "binary", minLength: 1, maxLength: 45 }),
    correlationId: option,
    replyTo: fc.constantFrom("", "receiver:answers"),
    traceparent: fc.constantFrom("", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
    attributes: fc.dictionary(option, option, { maxKeys: 5 }),
  },
  { requiredKeys: ["body"] },
);
const messages = fc.array(fc.record({ input, afterMs: fc.oneof(fc.nat({ max: 3 }), uint32) }), {
  minLength: 1,
  maxLength: 6,
});

test("what BatchBuilder writes is what protobufjs writes, and readMessages gives back what was sent", () => {
  fc.assert(
    fc.property(messages, (sent) => {
      const builder = new BatchBuilder({ sender: "sender-01", address: "topic:orders" });
      const accepted = sent.filter((each) => builder.add(each.input, 1000 + each.afterMs) >= 0);
      const built = builder.finish(Buffer.alloc(16, 7), 3);
      const { record } = decoded("Records", built.records) as { record: Record<string, unknown>[] };
      expect(encoded("Records", { record: record.map(withoutAbsent) })).toEqual(Buffer.from(built.records));

      const read = readMessages({ header: built.header, records: built.records, first: 0, count: accepted.length });
      const firstMs = 1000 + (accepted[0]?.afterMs ?? 0);
      for (const [index, { input: given, afterMs }] of accepted.entries()) {
        const message = read[index]!;
        expect(Buffer.from(message.body)).toEqual(bodyOf(given.body));
        expect(Buffer.from(record[index]!["body"] as Uint8Array)).toEqual(bodyOf(given.body));
        expect({ ...message.attributes }).toEqual({ ...given.attributes });
        expect({ ...(record[index]!["attributes"] as object) }).toEqual({ ...given.attributes });
        expect(message).toMatchObject({
          type: given.type ?? "",
          contentType: (given.contentType ?? defaultContentType(given.body)) || "application/octet-stream",
          correlationId: given.correlationId ?? "",
          replyTo: given.replyTo ?? "",
          traceparent: given.traceparent ?? "",
          timeMs: Math.max(firstMs, 1000 + afterMs),
        });
        if (given.id !== undefined) expect(message.id).toBe(given.id);
      }
    }),
  );
});

/** What toObject fills in for optional fields that are not there must not be written back. */
function withoutAbsent(record: Record<string, unknown>): object {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null && value !== undefined));
}

function bodyOf(body: unknown): Buffer {
  if (typeof body === "string") return Buffer.from(body);
  return body instanceof Uint8Array ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
}

function defaultContentType(body: unknown): string {
  if (typeof body === "string") return "text/plain; charset=utf-8";
  return body instanceof Uint8Array ? "application/octet-stream" : "application/json";
}
