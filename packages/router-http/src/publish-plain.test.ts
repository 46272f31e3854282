import { createMemoryBackend } from "@chappe/broker";
import { ChappeError } from "@chappe/message";
import { describe, expect, it } from "vitest";
import { createTestApp, impatientBroker, type TestApp } from "./fixtures/test-app.ts";

const TO_B = { "chappe-sender": "a", "chappe-to": "b" };

function post({ app }: TestApp, headers: Record<string, string>, payload?: string | Buffer, query = "") {
  return app.inject({
    method: "POST",
    url: `/v1/messages${query}`,
    headers,
    ...(payload !== undefined && { payload }),
  });
}

describe("a plain body", () => {
  it("is a message, answered with its id and its receipt when it is stored", async () => {
    await using fixture = createTestApp();
    const answer = await post(fixture, { ...TO_B, "content-type": "text/plain" }, "hello");
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      receipt: { durability: "accepted", duplicate: false, epoch: expect.any(String) },
    });
    const [message] = await fixture.receive("receiver:b", 1);
    expect(message).toMatchObject({ id: answer.json().id, sender: "a", contentType: "text/plain" });
    expect(message!.text()).toBe("hello");
  });

  it.each([
    ["bytes that are no text", "image/png", Buffer.from([0, 255, 128, 10, 13])],
    ["what says JSON and is not", "application/json", Buffer.from("{")],
    ["a form", "application/x-www-form-urlencoded", Buffer.from("a=1&a=2")],
    ["JSON in its own spelling", "application/json; charset=utf-8", Buffer.from('{ "a" : 1.0 }')],
  ])("arrives byte for byte: %s", async (_, contentType, body) => {
    await using fixture = createTestApp();
    expect(await post(fixture, { ...TO_B, "content-type": contentType }, body)).toMatchObject({ statusCode: 201 });
    const [message] = await fixture.receive("receiver:b", 1);
    expect(message!.contentType).toBe(contentType);
    expect(Buffer.from(message!.body)).toEqual(body);
  });

  it("may be empty, and need not say its type", async () => {
    await using fixture = createTestApp();
    expect(await post(fixture, TO_B)).toMatchObject({ statusCode: 201 });
    const [message] = await fixture.receive("receiver:b", 1);
    expect([message!.contentType, message!.body.length]).toEqual(["application/octet-stream", 0]);
  });

  it("sent again under the same deduplication id is told the message that is stored", async () => {
    await using fixture = createTestApp();
    const headers = { ...TO_B, "chappe-deduplication-id": "order%207", "chappe-ttl-ms": "60000" };
    const first = (await post(fixture, headers, "x")).json();
    const { id, receipt } = (await post(fixture, { ...headers, "chappe-id": "another" }, "x")).json();
    expect(id).toBe(first.id);
    expect(receipt).toEqual({ ...first.receipt, duplicate: true, originalId: first.id });
  });

  it("takes every option of a message from headers", async () => {
    await using fixture = createTestApp();
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const headers = {
      ...TO_B,
      "chappe-id": "order%207",
      "chappe-type": "order.created",
      "chappe-correlation-id": "c1",
      "chappe-reply-to": "receiver:a",
      "chappe-ordering-key": "k",
      "chappe-attribute-Name": "J%C3%BCrgen",
      "chappe-attribute-__proto__": "x",
      "chappe-durability": "accepted",
      traceparent,
    };
    expect((await post(fixture, headers, "x")).json()).toMatchObject({ id: "order 7" });
    const [message] = await fixture.receive("receiver:b", 1);
    expect(message).toMatchObject({
      id: "order 7",
      type: "order.created",
      correlationId: "c1",
      replyTo: "receiver:a",
      orderingKey: "k",
      traceparent,
    });
    expect(new Map(Object.entries(message!.attributes))).toEqual(
      new Map([
        ["__proto__", "x"],
        ["name", "Jürgen"],
      ]),
    );
  });

  it("goes to a topic, and may be addressed by the URL alone", async () => {
    await using fixture = createTestApp();
    const subscription = await fixture.broker.subscribe({ address: "topic:t", subscription: "s", consumer: "c" });
    subscription.grant({ messages: 2, bytes: 1_000 });
    await post(fixture, { "chappe-sender": "a", "chappe-topic": "t" }, "x");
    expect(await post(fixture, {}, "y", "?sender=a&topic=t")).toMatchObject({ statusCode: 201 });
    const { value } = await subscription[Symbol.asyncIterator]().next();
    expect(value).toMatchObject({ kind: "delivery" });
  });
});

describe("what is refused, and how:", () => {
  const cases: readonly (readonly [string, Record<string, string>, string, number, string, RegExp])[] = [
    ["no sender", { "chappe-to": "b" }, "", 400, "INVALID_ARGUMENT", /no sender.*Chappe-Sender/],
    [
      "no destination",
      { "chappe-sender": "a" },
      "",
      400,
      "INVALID_ARGUMENT",
      /no destination.*Chappe-To.*Chappe-Topic/,
    ],
    [
      "two destinations",
      { ...TO_B, "chappe-topic": "t" },
      "",
      400,
      "INVALID_ARGUMENT",
      /two destinations.*exactly one/,
    ],
    [
      "a destination twice",
      TO_B,
      "?to=b",
      400,
      "INVALID_ARGUMENT",
      /both the header Chappe-To and the query parameter to/,
    ],
    [
      "a parameter twice",
      { "chappe-sender": "a" },
      "?to=b&to=c",
      400,
      "INVALID_ARGUMENT",
      /to is given more than once/,
    ],
    ["an unknown parameter", TO_B, "?two=b", 400, "INVALID_ARGUMENT", /unknown query parameter two: allowed are/],
    [
      "an unknown header",
      { ...TO_B, "chappe-tpye": "x" },
      "",
      400,
      "INVALID_ARGUMENT",
      /unknown header chappe-tpye: known are/,
    ],
    ["a name outside the grammar", { ...TO_B, "chappe-sender": "a b" }, "", 400, "INVALID_ARGUMENT", /position 1/],
    ["text in no known encoding", { ...TO_B, "chappe-type": "é" }, "", 400, "INVALID_ARGUMENT", /percent-encoded/],
    ["a percent sign alone", { ...TO_B, "chappe-type": "5%" }, "", 400, "INVALID_ARGUMENT", /write %25/],
    ["no traceparent", { ...TO_B, traceparent: "x" }, "", 400, "INVALID_ARGUMENT", /traceparent "x" must be/],
    [
      "an empty deduplication id",
      { ...TO_B, "chappe-deduplication-id": "" },
      "",
      400,
      "INVALID_ARGUMENT",
      /deduplicationId is empty; leave it out/,
    ],
    [
      "no number",
      { ...TO_B, "chappe-ttl-ms": "1s" },
      "",
      400,
      "INVALID_ARGUMENT",
      /chappe-ttl-ms "1s": must be a whole number/,
    ],
    [
      "an unknown durability",
      { ...TO_B, "chappe-durability": "x" },
      "",
      400,
      "INVALID_ARGUMENT",
      /must be accepted, fsynced, replicated/,
    ],
    [
      "a durability the store lacks",
      { ...TO_B, "chappe-durability": "fsynced" },
      "",
      400,
      "FAILED_PRECONDITION",
      /fsynced/,
    ],
    ["a packed body", { ...TO_B, "content-encoding": "gzip" }, "", 415, "UNIMPLEMENTED", /Content-Encoding gzip/],
    [
      "no media type",
      { ...TO_B, "content-type": "text" },
      "",
      415,
      "INVALID_ARGUMENT",
      /media type is written as type\/subtype/,
    ],
  ];

  it.each(cases)("%s", async (_, headers, query, status, code, detail) => {
    await using fixture = createTestApp();
    const answer = await post(fixture, headers, "x", query);
    expect(answer.headers["content-type"]).toContain("application/problem+json");
    expect(answer.json()).toEqual({
      title: expect.any(String),
      status,
      detail: expect.stringMatching(detail),
      code,
      retryable: false,
    });
    expect(answer.statusCode).toBe(status);
  });

  it("a body over the limit, and not one at the limit", async () => {
    await using fixture = createTestApp({ maxMessageBytes: 1_000 });
    expect(await post(fixture, TO_B, Buffer.alloc(1_000))).toMatchObject({ statusCode: 201 });
    const answer = await post(fixture, TO_B, Buffer.alloc(1_001));
    expect(answer.json()).toMatchObject({
      status: 413,
      code: "INVALID_ARGUMENT",
      detail: expect.stringContaining("1000 bytes"),
    });
  });

  it("no body that says it is not packed, in whatever case", async () => {
    await using fixture = createTestApp();
    const headers = { ...TO_B, "content-encoding": "Identity" };
    expect(await post(fixture, headers, "x")).toMatchObject({ statusCode: 201 });
  });

  it("no body that the router was told to take", async () => {
    await using fixture = createTestApp({ maxMessageBytes: 3_000_000 });
    expect(await post(fixture, TO_B, Buffer.alloc(3_000_000))).toMatchObject({ statusCode: 201 });
  });

  it("everything while the store is full, until there is room", async () => {
    await using fixture = createTestApp({
      broker: impatientBroker(createMemoryBackend({ maxBytes: 2_000 }).connect()),
    });
    expect(await post(fixture, TO_B, Buffer.alloc(1_500))).toMatchObject({ statusCode: 201 });
    const full = await post(fixture, TO_B, Buffer.alloc(1_500));
    expect(full.json()).toMatchObject({ status: 429, code: "RESOURCE_EXHAUSTED", retryable: true });
    await fixture.receive("receiver:b", 1);
    expect(await post(fixture, TO_B, Buffer.alloc(1_500))).toMatchObject({ statusCode: 201 });
  });

  it("everything while the store is away", async () => {
    await using fixture = createTestApp();
    await fixture.broker.close();
    expect((await post(fixture, TO_B, "x")).json()).toMatchObject({
      status: 503,
      code: "UNAVAILABLE",
      retryable: true,
    });
  });

  it("a path that is not served", async () => {
    await using fixture = createTestApp();
    const answer = await fixture.app.inject({ method: "PUT", url: "/v1/messages?x" });
    expect(answer.json()).toMatchObject({
      status: 404,
      code: "NOT_FOUND",
      detail: expect.stringContaining("PUT /v1/messages:"),
    });
  });
});

it("a mistake in the router is told to its operator, with the path and without the query", async () => {
  const broker = impatientBroker();
  await using fixture = createTestApp({
    broker: { ...broker, publish: () => Promise.reject(new TypeError("oops")), close: () => broker.close() },
  });
  const answer = await post(fixture, {}, "x", "?sender=a&to=b");
  expect(answer.json()).toMatchObject({ status: 500, code: "UNKNOWN" });
  expect(fixture.events).toEqual([
    { kind: "request-failed", method: "POST", path: "/v1/messages", error: expect.any(ChappeError) },
  ]);
});
