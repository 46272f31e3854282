import fc from "fast-check";
import { expect, test } from "vitest";
import { BatchBuilder } from "./batch-builder.ts";
import type { CloudEvent } from "./cloud-event.ts";
import { fromCloudEvent } from "./from-cloud-event.ts";
import type { Message } from "./message.ts";
import type { MessageInput } from "./message-input.ts";
import { readMessages } from "./read-messages.ts";
import { toCloudEvent } from "./to-cloud-event.ts";

const TIME_MS = Date.UTC(2026, 10, 23);

function messageOf(input: MessageInput): Message {
  const { orderingKey, ttlMs } = input;
  const builder = new BatchBuilder({ sender: "sender-01", address: "topic:orders", orderingKey, ttlMs });
  builder.add(input, TIME_MS);
  const { header, records } = builder.finish(new Uint8Array(0), 0);
  return readMessages({ header, records, first: 0, count: 1 })[0]!;
}

const FULL = {
  body: { total: 5 },
  id: "order-5",
  type: "order.created",
  correlationId: "c-1",
  replyTo: "receiver:answers",
  traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
  orderingKey: "customer-9",
  ttlMs: 60_000,
  attributes: { region: "eu" },
};

test("a message becomes an event with the names of CloudEvents 1.0 and of its documented extensions", () => {
  expect(toCloudEvent(messageOf(FULL))).toEqual({
    specversion: "1.0",
    id: "order-5",
    source: "sender-01",
    type: "order.created",
    subject: "topic:orders",
    time: "2026-11-23T00:00:00.000Z",
    datacontenttype: "application/json",
    correlationid: "c-1",
    replyto: "receiver:answers",
    traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    partitionkey: "customer-9",
    expirytime: "2026-11-23T00:01:00.000Z",
    region: "eu",
    data: { total: 5 },
  });
});

test("what a message has not, its event has not either", () => {
  expect(Object.keys(toCloudEvent(messageOf({ body: "a" })))).toEqual([
    ...["specversion", "id", "source", "type", "subject", "time", "datacontenttype", "data"],
  ]);
});

test("there and back through JSON, a message is the same", () => {
  const name = fc.string({ unit: fc.constantFrom("a", "x", "z", "0", "9"), minLength: 21, maxLength: 30 });
  const input = fc.record({
    body: fc.oneof(fc.string({ unit: "binary" }), fc.uint8Array(), fc.jsonValue() as fc.Arbitrary<object>),
    type: fc.constantFrom("", "order.created"),
    attributes: fc.dictionary(name, fc.string(), { maxKeys: 3 }),
    ttlMs: fc.nat(),
  });
  fc.assert(
    fc.property(input, (sent) => {
      const there = messageOf({ ...FULL, ...sent });
      const back = fromCloudEvent(JSON.parse(JSON.stringify(toCloudEvent(there))) as CloudEvent);
      expect(back).toMatchObject({ sender: "sender-01", address: "topic:orders" });
      const again = messageOf(back.message);
      expect(again.text()).toBe(there.text());
      expect(toCloudEvent(again)).toEqual(toCloudEvent(there));
    }),
  );
});

test("bodies that are neither JSON nor UTF-8 text go as base64, whatever they say they are", () => {
  const event = (body: Uint8Array | string, contentType: string) => toCloudEvent(messageOf({ body, contentType }));
  const bytes = new Uint8Array([0xff, 0x00]);
  expect(event(bytes, "image/png")).toMatchObject({ data_base64: "/wA=" });
  expect(event(bytes, "text/plain")).toMatchObject({ data_base64: "/wA=" });
  expect(event(new Uint8Array([0x22, 0xff, 0x22]), "application/json")).toMatchObject({ data_base64: "Iv8i" });
  expect(event("{", "application/json")).toMatchObject({ data_base64: "ew==" });
  expect(event("a", "text/plain; charset=iso-8859-1")).toMatchObject({ data_base64: "YQ==" });
  expect(event("a", 'text/csv; charset="UTF-8"')).toMatchObject({ data: "a" });
  expect(event("[1]", "application/vnd.orders+json; v=1")).toMatchObject({ data: [1] });
});

test("an attribute that an event cannot have is refused, not dropped", () => {
  for (const name of ["Region", "x-y", "", "time", "partitionkey", "data"]) {
    expect(() => toCloudEvent(messageOf({ body: "a", attributes: { [name]: "x" } }))).toThrow(
      `attribute "${name}" cannot be an extension`,
    );
  }
});

test("a time beyond what an event can say is refused", () => {
  const ttlMs = Number.MAX_SAFE_INTEGER;
  expect(() => toCloudEvent(messageOf({ body: "a", ttlMs }))).toThrow("is a time after the year 9999");
  expect(() => toCloudEvent(messageOf({ body: "a", ttlMs: 8e14 }))).toThrow("is a time after the year 9999");
});

const EVENT = { specversion: "1.0", id: "1", source: "https://example.com/shop", type: "t" } as const;

test("an event from elsewhere becomes a message", () => {
  const { sender, address, message } = fromCloudEvent({ ...EVENT, subject: null, sampled: true, rank: 5, gone: null });
  expect({ sender, address }).toEqual({ sender: "https://example.com/shop", address: "" });
  expect(message.attributes).toEqual({ sampled: "true", rank: "5" });
  expect(messageOf(message).body).toHaveLength(0);
});

test("data without a content type is JSON, and a JSON string stays one", () => {
  const message = messageOf(fromCloudEvent({ ...EVENT, data: "text" }).message);
  expect(message.contentType).toBe("application/json");
  expect(message.text()).toBe('"text"');
});

test("a message expires when its event does, whenever it is sent", () => {
  const event = { ...EVENT, time: "2026-01-01T00:00:00Z", expirytime: "2026-01-01T01:00:00Z" } as CloudEvent;
  const ttlMs = (sentAtMs?: number) => fromCloudEvent(event, sentAtMs).message.ttlMs;
  expect(ttlMs()).toBe(3_600_000);
  expect(ttlMs(Date.UTC(2026, 0, 1, 0, 59))).toBe(60_000);
  expect(ttlMs(Date.UTC(2026, 0, 2))).toBe(1);
});

const WRONG: [string, object, string][] = [
  ["another version", { specversion: "0.3" }, 'specversion is "0.3"; only "1.0" is known'],
  ["no id", { id: undefined }, "id is missing"],
  ["an empty type", { type: "" }, "type is missing"],
  ["a source that is no text", { source: 5 }, 'source is "5"; text is needed'],
  ["data twice", { data: 1, data_base64: "YQ==" }, "both data and data_base64"],
  ["broken base64", { data_base64: "a b" }, "data_base64 is not base64"],
  ["an object as text", { data: {}, datacontenttype: "text/plain" }, "needs text or data_base64"],
  ["an extension that is an object", { ext: {} }, "ext is"],
  ["an expiry without a time", { expirytime: "2026-01-01T00:00:00Z" }, "must be a time after time"],
  [
    "an expiry before its time",
    { expirytime: "2026-01-01T00:00:00Z", time: "2026-01-02T00:00:00Z" },
    "must be a time after time",
  ],
];

for (const [what, change, message] of WRONG) {
  test(`${what} is no CloudEvent 1.0`, () => {
    expect(() => fromCloudEvent({ ...EVENT, ...change } as CloudEvent)).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT", message: expect.stringContaining(message) }),
    );
  });
}
