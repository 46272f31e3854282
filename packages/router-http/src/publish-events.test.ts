import { type Broker, createMemoryBackend } from "@chappe/broker";
import { toCloudEvent } from "@chappe/message";
import { waitFor } from "@chappe/testing";
import { describe, expect, it } from "vitest";
import { createTestApp, impatientBroker, type TestApp } from "./fixtures/test-app.ts";

const EVENT = {
  specversion: "1.0",
  id: "e1",
  source: "shop",
  type: "order.created",
  subject: "receiver:b",
  datacontenttype: "application/json",
  data: { order: 7 },
};

function post({ app }: TestApp, contentType: string, payload: unknown, headers: Record<string, string> = {}) {
  return app.inject({
    method: "POST",
    url: "/v1/messages",
    headers: { "content-type": contentType, ...headers },
    payload: payload instanceof Buffer ? payload : JSON.stringify(payload),
  });
}

const structured = "application/cloudevents+json; charset=UTF-8";
const batched = "application/cloudevents-batch+json";

describe("a CloudEvent", () => {
  it("in structured mode is a message of its source to its subject", async () => {
    await using fixture = createTestApp();
    const answer = await post(fixture, structured, { ...EVENT, correlationid: "c", color: "red" });
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toMatchObject({ id: "e1", receipt: { durability: "accepted" } });
    const [message] = await fixture.receive("receiver:b", 1);
    expect(toCloudEvent(message!)).toMatchObject({ ...EVENT, correlationid: "c", color: "red" });
  });

  it("in binary mode has its attributes in headers, and any bytes in its body", async () => {
    await using fixture = createTestApp();
    const body = Buffer.from([0, 255, 1]);
    const answer = await post(fixture, "image/png", body, {
      "ce-specversion": "1.0",
      "ce-id": "e%201",
      "ce-source": "camera",
      "ce-type": "picture.taken",
      "ce-subject": "receiver:b",
      "ce-place": "Z%C3%BCrich",
    });
    expect(answer.json()).toMatchObject({ id: "e 1" });
    const [message] = await fixture.receive("receiver:b", 1);
    expect(message).toMatchObject({ id: "e 1", sender: "camera", type: "picture.taken", contentType: "image/png" });
    expect(message!.attributes).toEqual({ place: "Zürich" });
    expect(Buffer.from(message!.body)).toEqual(body);
  });

  it("goes where the request says, and keeps its own source and subject", async () => {
    await using fixture = createTestApp();
    const foreign = { ...EVENT, source: "https://example.com/shop", subject: "order 7" };
    const where = { "chappe-sender": "bridge", "chappe-to": "b" };
    expect(await post(fixture, structured, foreign, where)).toMatchObject({ statusCode: 201 });
    const [message] = await fixture.receive("receiver:b", 1);
    expect(message).toMatchObject({ sender: "bridge", address: "receiver:b" });
    expect(message!.attributes).toEqual({ cesource: "https://example.com/shop", cesubject: "order 7" });
  });

  it("is handed out until its expirytime, however old it was when it came", async () => {
    await using fixture = createTestApp();
    const time = new Date(Date.now() - 3_600_000).toISOString();
    const expiring = (id: string, inMs: number) => ({
      ...EVENT,
      id,
      time,
      expirytime: new Date(Date.now() + inMs).toISOString(),
    });
    await post(fixture, structured, expiring("over", -1_000));
    const storedMs = Date.now();
    await waitFor(() => Date.now() > storedMs + 1);
    await post(fixture, structured, expiring("good", 3_600_000));
    const [message] = await fixture.receive("receiver:b", 1);
    expect(message?.id).toBe("good");
    expect(message?.ttlMs).toBeLessThanOrEqual(3_600_000);
  });

  const refused: readonly (readonly [string, unknown, Record<string, string>, number, RegExp])[] = [
    ["without a subject", { ...EVENT, subject: undefined }, {}, 400, /no destination.*Chappe-To/],
    ["with a source that is no name", { ...EVENT, source: "a/b" }, {}, 400, /sender "a\/b" has "\/" at position 1/],
    ["without an id", { ...EVENT, id: undefined }, {}, 400, /id is missing/],
    ["of another version", { ...EVENT, specversion: "0.3" }, {}, 400, /specversion is "0.3"/],
    ["with an option in a header", EVENT, { "chappe-id": "x" }, 400, /chappe-id with a CloudEvent: only/],
    ["that is no JSON", Buffer.from("{"), {}, 400, /not JSON/],
    ["that is no UTF-8", Buffer.from([34, 255, 34]), {}, 400, /not UTF-8/],
    ["that is no object", null, {}, 400, /must be an object/],
    ["with too long a body", { ...EVENT, data: "x".repeat(2_000) }, {}, 413, /body has 2002 bytes; at most 1000/],
  ];
  it.each(refused)("%s is refused", async (_, event, headers, status, detail) => {
    await using fixture = createTestApp({ maxMessageBytes: 1_000 });
    const answer = await post(fixture, structured, event, headers);
    expect(answer.json()).toMatchObject({ status, detail: expect.stringMatching(detail) });
  });

  it("in a format other than JSON is refused, and so is an event that is too long to be read", async () => {
    await using fixture = createTestApp({ maxMessageBytes: 1_000 });
    expect((await post(fixture, "application/cloudevents+avro", EVENT)).json()).toMatchObject({
      status: 415,
      code: "UNIMPLEMENTED",
    });
    expect((await post(fixture, structured, Buffer.alloc(40_000))).json()).toMatchObject({
      status: 413,
      detail: expect.stringContaining("34768 bytes"),
    });
  });
});

describe("a batch of events", () => {
  it("is answered for each event, and stored in as few batches as can be", async () => {
    const published: number[] = [];
    const inner = impatientBroker();
    const broker: Broker = {
      publish: (batch, options) => (published.push(batch.header.count), inner.publish(batch, options)),
      subscribe: (options) => inner.subscribe(options),
      seek: (name, position) => inner.seek(name, position),
      ping: () => inner.ping(),
      close: (options) => inner.close(options),
    };
    await using fixture = createTestApp({ broker });
    const events = ["1", "2", "3", "4"].map((id) => ({ ...EVENT, id, subject: `receiver:${id === "3" ? "c" : "b"}` }));
    const answer = await post(fixture, batched, events);
    expect(answer.statusCode).toBe(201);
    expect(answer.json().results.map(({ id }: { id: string }) => id)).toEqual(["1", "2", "3", "4"]);
    expect(answer.json().results[0]).toMatchObject({ receipt: { durability: "accepted" } });
    expect(published).toEqual([3, 1]);
    expect((await fixture.receive("receiver:b", 3)).map(({ id }) => id)).toEqual(["1", "2", "4"]);
  });

  it("may be longer than a batch of ours, and may be empty", async () => {
    await using fixture = createTestApp();
    const events = Array.from({ length: 1_500 }, (_, index) => ({ ...EVENT, id: String(index) }));
    expect(await post(fixture, batched, events)).toMatchObject({ statusCode: 201 });
    expect((await fixture.receive("receiver:b", 1_500)).map(({ id }) => id)).toEqual(events.map(({ id }) => id));
    expect((await post(fixture, batched, [])).json()).toEqual({ results: [] });
  });

  it("loses nothing through an event that is wrong, and says which are stored", async () => {
    await using fixture = createTestApp();
    const answer = await post(fixture, batched, [
      { ...EVENT, id: "good" },
      { ...EVENT, id: "nowhere", subject: "b" },
      { ...EVENT, id: "bad-option", correlationid: "x".repeat(300) },
      { specversion: "1.0" },
      { ...EVENT, id: "good too" },
    ]);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({
      code: "INVALID_ARGUMENT",
      detail: expect.stringMatching(/^2 of 5 events are stored; address "b"/),
      results: [
        { id: "good", receipt: { durability: "accepted" } },
        { id: "nowhere", error: { status: 400, code: "INVALID_ARGUMENT" } },
        { id: "bad-option", error: { detail: expect.stringContaining("300 bytes") } },
        { error: { detail: expect.stringContaining("is missing") } },
        { id: "good too", receipt: { durability: "accepted" } },
      ],
    });
    expect((await fixture.receive("receiver:b", 2)).map(({ id }) => id)).toEqual(["good", "good too"]);
  });

  it("of which some may succeed later is answered so that its sender tries again", async () => {
    await using fixture = createTestApp({
      broker: impatientBroker(createMemoryBackend({ maxBytes: 2_000 }).connect()),
    });
    const answer = await post(fixture, batched, [
      { ...EVENT, id: "wrong", subject: "b" },
      { ...EVENT, id: "stored" },
      { ...EVENT, id: "no room", subject: "receiver:c", data: "x".repeat(3_000) },
    ]);
    expect(answer.statusCode).toBe(429);
    expect(answer.json()).toMatchObject({
      retryable: true,
      results: [{ error: { code: "INVALID_ARGUMENT" } }, { receipt: {} }, { error: { code: "RESOURCE_EXHAUSTED" } }],
    });
  });

  it("is refused whole when it is no array, or has too many events", async () => {
    await using fixture = createTestApp();
    expect((await post(fixture, batched, EVENT)).json()).toMatchObject({
      status: 400,
      detail: expect.stringMatching(/array/),
    });
    const many = new Array<object>(4_097).fill({});
    expect((await post(fixture, batched, many)).json()).toMatchObject({
      status: 400,
      detail: expect.stringMatching(/4096/),
    });
  });
});
