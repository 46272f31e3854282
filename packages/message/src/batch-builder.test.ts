import fc from "fast-check";
import { expect, test } from "vitest";
import { BatchBuilder } from "./batch-builder.ts";
import { checkBatch } from "./check-batch.ts";
import type { MessageInput } from "./message-input.ts";
import { readMessages } from "./read-messages.ts";

const PRODUCER = new Uint8Array(16).fill(9);
const open = (options: object = {}) => new BatchBuilder({ sender: "sender-01", address: "topic:orders", ...options });

function sent(builder: BatchBuilder) {
  const { header, records } = builder.finish(PRODUCER, 1);
  return readMessages({ header, records, first: 0, count: header.count });
}

test("the body's kind decides the content type, unless one is given", () => {
  const builder = open();
  const bodies = ["text", new Uint8Array([1, 2]), Buffer.from("b"), { a: 1 }, null, 5, false, []];
  for (const body of bodies) builder.add({ body }, 1000);
  builder.add({ body: "<a/>", contentType: "application/xml" }, 1000);
  expect(sent(builder).map((message) => message.contentType)).toEqual([
    "text/plain; charset=utf-8",
    ...["application/octet-stream", "application/octet-stream"],
    ...new Array<string>(5).fill("application/json"),
    "application/xml",
  ]);
});

test("bytes that come first are what the header says for all, in no bytes at all", () => {
  const builder = open();
  builder.add({ body: new Uint8Array(1) }, 1000);
  builder.add({ body: "text" }, 1000);
  expect(builder.finish(PRODUCER, 1).header.contentType).toBe("");
  expect(sent(builder).map((message) => message.contentType)).toEqual([
    "application/octet-stream",
    "text/plain; charset=utf-8",
  ]);
});

test("what a message has in common with the first one is not written again", () => {
  const builder = open();
  const message = { body: "x".repeat(100), type: "order.created", contentType: "text/csv" };
  builder.add(message, 1000);
  builder.add(message, 1000);
  expect(builder.bytes).toBe(2 * 104);
});

test("a type can be taken back by a message that has none", () => {
  const builder = open();
  builder.add({ body: "a", type: "order.created" }, 1000);
  builder.add({ body: "b" }, 1000);
  expect(sent(builder).map((message) => message.type)).toEqual(["order.created", ""]);
});

test("text with lone surrogates keeps every length right", () => {
  const utf16 = fc.array(fc.oneof(fc.nat({ max: 0xffff }), fc.integer({ min: 0xd800, max: 0xdfff })), {
    maxLength: 150,
  });
  fc.assert(
    fc.property(utf16, (units) => {
      const body = String.fromCharCode(...units);
      const type = body.slice(0, 60);
      const builder = open();
      for (let index = 0; index < 2; index++) builder.add({ body, type, attributes: { [type]: type } }, 1000);
      builder.add({ body: "after" }, 1000);
      const messages = sent(builder);
      expect(messages[1]!.text()).toBe(body.toWellFormed());
      expect(messages[1]!.attributes).toEqual({ [type.toWellFormed()]: type.toWellFormed() });
      expect(messages[2]!.text()).toBe("after");
    }),
  );
});

test("a clock that steps back does not make a message older than the first", () => {
  const builder = open();
  for (const nowMs of [5000.9, 4000, 5001]) builder.add({ body: "a" }, nowMs);
  expect(sent(builder).map((message) => message.timeMs)).toEqual([5000, 5000, 5001]);
});

test("a message that does not fit is not added, and the batch is good without it", () => {
  const builder = open();
  expect(builder.add({ body: new Uint8Array(60_000) }, 1000)).toBe(0);
  expect(builder.add({ body: new Uint8Array(6_000) }, 1000)).toBe(-1);
  expect(builder.add({ body: new Uint8Array(100) }, 1000)).toBe(1);
  expect(builder.count).toBe(2);
  checkBatch(builder.finish(PRODUCER, 1));
});

test("a batch is full at 65,024 bytes, to the byte, and at 1,024 messages", () => {
  const bytes = open();
  bytes.add({ body: new Uint8Array(30_000) }, 1000);
  const rest = 65_024 - bytes.bytes - 8;
  expect(bytes.add({ body: new Uint8Array(rest + 1) }, 1000)).toBe(-1);
  expect(bytes.add({ body: new Uint8Array(rest) }, 1000)).toBe(1);
  expect(bytes.bytes).toBe(65_024);
  checkBatch(bytes.finish(PRODUCER, 1));

  const count = open();
  for (let index = 0; index < 1024; index++) expect(count.add({ body: "" }, 1000)).toBe(index);
  expect(count.add({ body: "" }, 1000)).toBe(-1);
  checkBatch(count.finish(PRODUCER, 1));
});

test("a single message may be as long as the limit, and not a byte longer", () => {
  expect(open().add({ body: new Uint8Array(1_048_576) }, 1000)).toBe(0);
  expect(() => open().add({ body: "é".repeat(524_289) }, 1000)).toThrow(
    "body has 1048578 bytes; at most 1048576 are allowed",
  );
  const small = new BatchBuilder({ sender: "s", address: "topic:t" }, { maxMessageBytes: 3 });
  expect(() => small.add({ body: "abcd" }, 1000)).toThrow("at most 3 are allowed");
});

test("with a deduplication id, a batch holds one message", () => {
  const builder = open({ deduplicationId: "d" });
  expect(builder.add({ body: "a", deduplicationId: "d" }, 1000)).toBe(0);
  expect(builder.add({ body: "b", deduplicationId: "d" }, 1000)).toBe(-1);
});

test("a finished batch takes no more, and can be finished again for another producer", () => {
  const builder = open();
  builder.add({ body: "a" }, 1000);
  const first = builder.finish(PRODUCER, 1);
  expect(builder.add({ body: "b" }, 1000)).toBe(-1);
  const second = builder.finish(new Uint8Array(16).fill(3), 8);
  expect(second.header).toEqual({ ...first.header, producerId: new Uint8Array(16).fill(3), sequence: 8 });
  expect(second.records).toEqual(first.records);
});

test("an empty batch cannot be finished", () => {
  expect(() => open().finish(PRODUCER, 1)).toThrow("a batch needs at least one message");
});

test("the body is copied, so that its bytes may be used again", () => {
  const builder = open();
  const body = new Uint8Array([1, 2, 3]);
  builder.add({ body }, 1000);
  body.fill(0);
  expect([...sent(builder)[0]!.body]).toEqual([1, 2, 3]);
});

test("options outside their limits are refused when the batch is begun", () => {
  expect(() => open({ sender: "" })).toThrow("sender is empty");
  expect(() => open({ address: "x" })).toThrow("must begin with");
  expect(() => open({ orderingKey: "x".repeat(201) })).toThrow("orderingKey");
  expect(() => open({ ttlMs: -1 })).toThrow("ttlMs -1 must be a whole number of milliseconds, 0 or more");
  expect(() => open({ deliverAtMs: Number.NaN })).toThrow("deliverAt NaN must be");
  expect(() => open({ deduplicationId: "" })).toThrow("deduplicationId is empty; leave it out, or give 1 to 200 bytes");
});

const circular: { self?: object } = {};
circular.self = circular;
const BAD: [string, unknown, string][] = [
  ["no body", { type: "t" }, "message has no body; null stands for the JSON value null"],
  ["an undefined body", { body: undefined }, "message has no body"],
  ["a misspelt body", { bdy: "a" }, 'message has the unknown key "bdy"; allowed are body, contentType, type, id'],
  ["a misspelt option", { body: "a", tpye: "t" }, 'message has the unknown key "tpye"'],
  ["an unknown key beside an undefined option", { body: "a", type: undefined, x: 1 }, 'unknown key "x"'],
  ["no object", "text", "message must be an object with a body, not text"],
  ["null", null, "message must be an object with a body, not null"],
  ["an option of another batch", { body: "a", ttlMs: 5 }, "ttlMs 5 in a batch whose ttlMs is 0"],
  ["another ordering key", { body: "a", orderingKey: "k" }, 'orderingKey "k" in a batch whose orderingKey is ""'],
  ["another deduplication id", { body: "a", deduplicationId: "d" }, 'deduplicationId "d" in a batch whose'],
  ["an invalid date", { body: "a", deliverAt: new Date(Number.NaN) }, "deliverAt NaN must be a whole number"],
  ["a function", { body: () => 1 }, "body is a function, which JSON does not have"],
  ["a bigint", { body: 1n }, "body cannot be written as JSON"],
  ["a circle", { body: circular }, "body cannot be written as JSON"],
  ["an ArrayBuffer", { body: new ArrayBuffer(3) }, "body is a ArrayBuffer; give its bytes as a Uint8Array"],
  ["another typed array", { body: new Float64Array(3) }, "give its bytes as a Uint8Array"],
  ["a map", { body: new Map([[1, 2]]) }, "body is a Map, of which JSON keeps nothing"],
  ["a promise", { body: Promise.resolve("a") }, "body is a Promise, of which JSON keeps nothing"],
  ["an empty id", { body: "a", id: "" }, "id is empty"],
  ["a long id", { body: "a", id: "x".repeat(201) }, "id"],
  ["a type that is no text", { body: "a", type: 5 }, "type must be a string, not number"],
  ["a long content type", { body: "a", contentType: "x".repeat(201) }, "contentType"],
  ["a long correlation id", { body: "a", correlationId: "é".repeat(101) }, "has 202 bytes; at most 200 are allowed"],
  ["a reply address of no kind", { body: "a", replyTo: "me" }, 'replyTo "me" must begin with'],
  ["a broken traceparent", { body: "a", traceparent: "00-xyz" }, "traceparent"],
  ["an attribute that is no text", { body: "a", attributes: { n: 5 } }, 'attributes["n"] must be a string, not number'],
  ["attributes that are null", { body: "a", attributes: null }, "attributes must be an object of strings, not null"],
  [
    "too many attributes",
    { body: "a", attributes: Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`k${n}`, ""])) },
    "attributes: 65 of them; at most 64 are allowed",
  ],
  ["too long attributes", { body: "a", attributes: { k: "é".repeat(4096) } }, "8193 bytes of keys and values"],
];

for (const [what, input, message] of BAD) {
  test(`${what} is refused, and the batch stays as it was`, () => {
    const builder = open();
    builder.add({ body: "before" }, 1000);
    const { bytes } = builder;
    expect(() => builder.add(input as MessageInput, 1000)).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT", message: expect.stringContaining(message) }),
    );
    expect(builder).toMatchObject({ count: 1, bytes });
    builder.add({ body: "after" }, 1000);
    expect(sent(builder).map((each) => each.text())).toEqual(["before", "after"]);
  });
}

test("a key that says where messages go is passed over when it is announced, and others are not", () => {
  const builder = new BatchBuilder({ sender: "s", address: "topic:orders" }, { destinationKey: "topic" });
  const input = { topic: "orders", body: "a" };
  expect(builder.add(input, 1000)).toBe(0);
  expect(() => builder.add({ ...input, tpye: "t" } as MessageInput, 1000)).toThrow(
    'message has the unknown key "tpye"; allowed are topic, body,',
  );
  expect(() => open().add(input, 1000)).toThrow('message has the unknown key "topic"; allowed are body,');
});

test("options set to undefined are options left out", () => {
  const builder = open();
  builder.add({ body: "a", type: undefined, id: undefined, attributes: undefined, deliverAt: undefined }, 1000);
  expect(builder.bytes).toBe(5);
});

test("a date and its milliseconds are the same time of delivery", () => {
  for (const deliverAt of [new Date(5000), 5000]) {
    const builder = open({ deliverAtMs: 5000 });
    expect(builder.add({ body: "a", deliverAt }, 1000)).toBe(0);
    expect(builder.finish(new Uint8Array(0), 0).header.deliverAtMs).toBe(5000);
  }
});

test("a message with a delivery time or a deduplication id is a batch of its own", () => {
  for (const [options, message] of [
    [{ deliverAtMs: 5000 }, { body: "a", deliverAt: 5000 }],
    [{ deduplicationId: "d" }, { body: "a", deduplicationId: "d" }],
  ] as const) {
    const builder = open(options);
    expect([builder.add(message, 1000), builder.add(message, 1000)]).toEqual([0, -1]);
  }
});

test("a value that JSON can write itself is left to it", () => {
  const builder = open();
  builder.add({ body: Object.assign(new Map(), { toJSON: () => ({ a: 1 }) }) }, 1000);
  builder.add({ body: new Date(0) }, 1000);
  expect(sent(builder).map((message) => message.json())).toEqual([{ a: 1 }, "1970-01-01T00:00:00.000Z"]);
});
