import { inspect } from "node:util";
import { expect, test } from "vitest";
import { BatchBuilder } from "./batch-builder.ts";
import { ChappeError } from "./chappe-error.ts";
import { messageIdAt } from "./message-id.ts";
import type { MessageInput } from "./message-input.ts";
import { readMessages } from "./read-messages.ts";

function received(inputs: MessageInput[], first = 0) {
  const options = { sender: "sender-01", address: "receiver:receiver-01", orderingKey: "k", ttlMs: 60_000 };
  const builder = new BatchBuilder(options);
  for (const [index, input] of inputs.entries()) {
    builder.add({ ...input, orderingKey: "k", ttlMs: 60_000 }, 1_700_000_000_000 + index);
  }
  const { header, records } = builder.finish(new Uint8Array(16), 1);
  return { header, records, messages: readMessages({ header, records, first, count: header.count }) };
}

test("a message says all that its sender said", () => {
  const input = {
    body: { total: 5 },
    type: "order.created",
    id: "order-5",
    correlationId: "c-1",
    replyTo: "receiver:answers",
    traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    attributes: { region: "eu" },
  };
  const [message] = received([input]).messages;
  const { body: _, ...options } = input;
  expect(message).toMatchObject({
    ...options,
    contentType: "application/json",
    sender: "sender-01",
    address: "receiver:receiver-01",
    orderingKey: "k",
    ttlMs: 60_000,
    timeMs: 1_700_000_000_000,
    time: new Date(1_700_000_000_000),
  });
  expect(message!.json()).toEqual({ total: 5 });
});

test("an id follows from the batch's, counted from the message's place in the batch as it was sent", () => {
  const { header, messages } = received([{ body: "a" }, { body: "b", id: "own" }, { body: "c" }], 40);
  expect(messages.map((message) => message.id)).toEqual([
    messageIdAt(header.firstId, 40),
    "own",
    messageIdAt(header.firstId, 42),
  ]);
});

test("body is a view on the frame, bytes() a copy that survives its end", () => {
  const { messages, records } = received([{ body: new Uint8Array([1, 2, 3]) }]);
  const [message] = messages;
  const [view, copy] = [message!.body, message!.bytes()];
  records.fill(0xee);
  expect([...view]).toEqual([0xee, 0xee, 0xee]);
  expect([...copy]).toEqual([1, 2, 3]);
});

test("a body that is not UTF-8 has text all the same, and no JSON", () => {
  const [message] = received([{ body: new Uint8Array([0x61, 0xff]), id: "m-1" }]).messages;
  expect(message!.text()).toBe("a\ufffd");
  expect(() => message!.json()).toThrow(ChappeError);
  expect(() => message!.json()).toThrow("body of message m-1 (application/octet-stream) is not JSON");
});

test("an attribute called __proto__ is an attribute", () => {
  const attributes = JSON.parse('{"__proto__": "x", "constructor": "y"}') as Record<string, string>;
  const [message] = received([{ body: "a", attributes }]).messages;
  expect(Object.entries(message!.attributes)).toEqual([
    ["__proto__", "x"],
    ["constructor", "y"],
  ]);
  expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
});

test("console.log shows what a message is", () => {
  const [message] = received([{ body: "hello", id: "m-1", type: "greeting" }]).messages;
  expect(inspect(message)).toContain("id: 'm-1'");
  expect(inspect(message)).toContain("type: 'greeting'");
  expect(inspect(message)).toContain("bodyBytes: 5");
  expect(String(message)).toBe("message 0 of a batch of sender-01 to receiver:receiver-01");
});

test("of a field that stands there twice, the last one counts, as in every protobuf library", () => {
  const { header } = received([{ body: "a" }]);
  const record = Buffer.from([0x0a, 1, 0x61, 0x1a, 1, 0x74, 0x0a, 1, 0x62, 0x1a, 1, 0x75]);
  const records = Buffer.concat([Buffer.from([0x0a, record.length]), record]);
  const [message] = readMessages({ header, records, first: 0, count: 1 });
  expect(message!.text()).toBe("b");
  expect(message!.type).toBe("u");
});
