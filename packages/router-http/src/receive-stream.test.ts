import { type Broker, createMemoryBackend, type DeadLetter, isInspectable, type Store } from "@chappe/broker";
import { BatchBuilder } from "@chappe/message";
import { waitFor } from "@chappe/testing";
import { describe, expect, it } from "vitest";
import { impatientBroker } from "./fixtures/test-app.ts";
import { startTestHttpRouter } from "./fixtures/test-http-router.ts";

const NO_PRODUCER = new Uint8Array(0);

async function deadLetters(store: Store): Promise<readonly DeadLetter[]> {
  return isInspectable(store) ? store.deadLetters({ address: "receiver:b", subscription: "" }, 10) : [];
}

describe("a stream", () => {
  it("begins with what its consumer must know, and brings messages as they come", async () => {
    await using fixture = await startTestHttpRouter();
    const response = await fetch(`${fixture.url}/v1/receivers/c/messages`);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "text/event-stream",
      "cache-control": "no-store",
    });
    await response.body!.cancel();

    const stream = await fixture.receive("?consumer=worker-1");
    expect(stream.events[0]).toMatchObject({ event: "opened" });
    expect(stream.opened).toEqual({
      stream: expect.any(String),
      epoch: expect.any(String),
      resumed: expect.any(Boolean),
      credit: 100,
      leaseMs: 30_000,
      heartbeatMs: 10_000,
      maxAttempts: 5,
    });
    await fixture.send("hello");
    expect(await stream.message()).toEqual({
      delivery: expect.any(String),
      attempt: 1,
      redelivered: false,
      id: expect.any(String),
      sender: "a",
      address: "receiver:b",
      timeMs: expect.any(Number),
      contentType: "text/plain",
      encoding: "utf8",
      body: "hello",
    });
    expect(fixture.events).toContainEqual({
      kind: "consumer-joined",
      peer: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      address: "receiver:b",
      subscription: "",
      consumer: "worker-1",
    });
  });

  it.each([
    ["text/plain; charset=utf-8", Buffer.from("é\r\n\n: x"), "utf8", "é\r\n\n: x"],
    ["application/ld+json", Buffer.from('{"a":1}'), "utf8", '{"a":1}'],
    ["text/plain", Buffer.from([255]), "base64", "/w=="],
    ["text/plain; charset=latin1", Buffer.from("e"), "base64", "ZQ=="],
    ["application/octet-stream", Buffer.from("text"), "base64", "dGV4dA=="],
  ])("brings %s as text or base64, so that no byte is lost", async (contentType, body, encoding, text) => {
    await using fixture = await startTestHttpRouter();
    const stream = await fixture.receive();
    const headers = { "chappe-sender": "a", "chappe-to": "b", "content-type": contentType };
    await fetch(`${fixture.url}/v1/messages`, { method: "POST", headers, body });
    expect(await stream.message()).toMatchObject({ contentType, encoding, body: text });
  });

  it("of a topic's subscription begins where it is told, and shares its messages", async () => {
    await using fixture = await startTestHttpRouter();
    const headers = { "chappe-sender": "a", "chappe-topic": "t", "content-type": "text/plain" };
    const publish = (body: string) => fetch(`${fixture.url}/v1/messages`, { method: "POST", headers, body });
    await publish("early");
    const all = await fixture.receive("?startFrom=earliest", "/v1/topics/t/subscriptions/all");
    const next = await fixture.receive("", "/v1/topics/t/subscriptions/next");
    await publish("late");
    await all.message(2);
    await next.message(1);
    expect(all.messages.map(({ body }) => body)).toEqual(["early", "late"]);
    expect(next.messages.map(({ body }) => body)).toEqual(["late"]);
    expect(await (await next.ack(...next.messages)).json()).toEqual({ settled: 1 });
    const second = await fixture.receive("?consumer=second", "/v1/topics/t/subscriptions/next");
    expect([next, second].map(({ opened }) => opened["resumed"])).toEqual([false, true]);
  });

  it.each([
    ["/v1/receivers/a%20b", "", /receiver "a b" has " " at position 1/],
    ["/v1/receivers/b", "?credit=0", /credit "0": must be a whole number from 1 to 1000000/],
    ["/v1/receivers/b", "?leaseMs=5", /leaseMs "5": must be a whole number from 1000 to/],
    ["/v1/receivers/b", "?startFrom=latest", /startFrom is not known here/],
    ["/v1/receivers/b", "?consumer=", /consumer is empty/],
    ["/v1/receivers/b", "?tpyo=1", /tpyo is not known here: allowed are consumer, credit, leaseMs, singleActive$/],
    ["/v1/receivers/b", "?singleActive=yes", /singleActive "yes": must be true or false/],
    ["/v1/topics/t/subscriptions/s", "?startFrom=begin", /startFrom "begin": must be latest, earliest, a time such as/],
  ])("that cannot be is refused before it begins: %s%s", async (place, query, detail) => {
    await using fixture = await startTestHttpRouter();
    const response = await fetch(`${fixture.url}${place}/messages${query}`);
    expect(await response.json()).toMatchObject({
      status: 400,
      code: "INVALID_ARGUMENT",
      detail: expect.stringMatching(detail),
    });
  });

  it("of the only active consumer leaves others without messages, and refuses those that would share", async () => {
    await using fixture = await startTestHttpRouter();
    const active = await fixture.receive("?singleActive=true");
    const standby = await fixture.receive("?singleActive=true&consumer=second");
    const headers = { "chappe-sender": "a", "chappe-to": "b", "content-type": "text/plain" };
    await fetch(`${fixture.url}/v1/messages`, { method: "POST", headers, body: "hello" });
    await active.message(1);
    expect(standby.messages).toEqual([]);
    const sharing = await fetch(`${fixture.url}/v1/receivers/b/messages`);
    expect(await sharing.json()).toMatchObject({ status: 400, code: "FAILED_PRECONDITION" });
  });

  it("of a topic's subscription begins at a time, or with a message", async () => {
    await using fixture = await startTestHttpRouter();
    const headers = { "chappe-sender": "a", "chappe-topic": "t", "content-type": "text/plain" };
    await fetch(`${fixture.url}/v1/messages`, { method: "POST", headers, body: "one" });
    const path = (subscription: string) => `/v1/topics/t/subscriptions/${subscription}`;
    const byTime = await fixture.receive("?startFrom=2026-01-01T00:00:00Z", path("by-time"));
    const { id } = (await byTime.message()) as { readonly id: string };
    const byId = await fixture.receive(`?startFrom=${id}`, path("by-id"));
    expect(await byId.message()).toMatchObject({ id, body: "one" });
    const unknown = id.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
    const response = await fetch(`${fixture.url}${path("new")}/messages?startFrom=${unknown}`);
    expect(await response.json()).toMatchObject({ status: 404, code: "NOT_FOUND" });
  });

  it("that is idle carries comments", async () => {
    await using fixture = await startTestHttpRouter({ heartbeatMs: 100 });
    const stream = await fixture.receive();
    await waitFor(() => stream.comments >= 2);
  });
});

describe("credit", () => {
  it("is a hard limit on what is unsettled, and settling gives it back", async () => {
    await using fixture = await startTestHttpRouter();
    const stream = await fixture.receive("?credit=2");
    await fixture.send("1", "2", "3", "4");
    const second = await stream.message(2);
    // A stream of another receiver gets its message later than a third one would have come here.
    const other = await fixture.receive("", "/v1/receivers/other");
    const headers = { "chappe-sender": "a", "chappe-to": "other" };
    await fetch(`${fixture.url}/v1/messages`, { method: "POST", headers, body: "x" });
    await other.message();
    expect(stream.messages).toHaveLength(2);
    await stream.ack(second);
    await stream.message(3);
    expect(stream.messages.map(({ body }) => body)).toEqual(["1", "2", "3"]);
  });

  it("of many messages does not fill the router for a client that does not read", async () => {
    await using fixture = await startTestHttpRouter();
    const response = await fetch(`${fixture.url}/v1/receivers/b/messages?credit=1000`);
    const body = "x".repeat(1_000_000);
    await fixture.send(...new Array<string>(40).fill(body));
    // A second consumer gets what the first one's window does not cover.
    const second = await fixture.receive("?credit=1000");
    await second.message(20);
    await response.body!.cancel();
  });
});

describe("outcomes", () => {
  it("count once; those that are late, repeated, foreign or unknown are refused, each for itself", async () => {
    await using fixture = await startTestHttpRouter();
    const stream = await fixture.receive();
    const other = await fixture.receive("", "/v1/receivers/other");
    await fixture.send("1", "2");
    await stream.message(2);
    const [first, second] = stream.messages.map(({ delivery }) => delivery);
    const answer = await stream.settle(
      { delivery: first, kind: "ack" },
      { delivery: first, kind: "fail" },
      { delivery: first!.replace(/\.\d+$/, ".7"), kind: "ack" },
      { delivery: "no token", kind: "ack" },
      { delivery: `${"0".repeat(24)}.1.0`, kind: "ack" },
      { delivery: `${other.opened.stream}.1.0`, kind: "ack" },
      { delivery: second, kind: "ack" },
    );
    expect(answer.status).toBe(400);
    const { settled, refused, detail } = (await answer.json()) as {
      settled: number;
      detail: string;
      refused: { delivery: string; error: { code: string; detail: string } }[];
    };
    expect(settled).toBe(2);
    expect(detail).toMatch(/^2 of 7 outcomes counted; /);
    expect(refused.map(({ error }) => `${error.code} ${error.detail}`)).toEqual([
      expect.stringMatching(/INVALID_ARGUMENT .*"no token" is none that a stream told of/),
      expect.stringMatching(/FAILED_PRECONDITION the stream is not on this router/),
      expect.stringMatching(/FAILED_PRECONDITION the stream reads receiver:other, not receiver:b$/),
      expect.stringMatching(/FAILED_PRECONDITION delivery 1 is not held/),
      expect.stringMatching(/FAILED_PRECONDITION delivery 1 is not held/),
    ]);
  });

  it("decide what becomes of a message", async () => {
    const store = createMemoryBackend().connect();
    await using fixture = await startTestHttpRouter({ broker: impatientBroker(store) });
    const stream = await fixture.receive();
    await fixture.send("released", "failed", "rejected");
    await stream.message(3);
    const [released, failed, rejected] = stream.messages.map(({ delivery }) => delivery);
    const answer = await stream.settle(
      { delivery: released, kind: "release" },
      { delivery: failed, kind: "fail", delayMs: 1, reason: "later" },
      { delivery: rejected, kind: "reject", reason: "bad" },
    );
    expect(await answer.json()).toEqual({ settled: 3 });
    await stream.message(5);
    const again = stream.messages.slice(3).map(({ body, attempt }) => ({ body, attempt }));
    expect(again).toContainEqual({ body: "released", attempt: 1 });
    expect(again).toContainEqual({ body: "failed", attempt: 2 });
    const dead = await waitFor(async () => {
      const letters = await deadLetters(store);
      return letters.length > 0 && letters;
    });
    expect(dead).toMatchObject([{ reason: "bad" }]);
  });

  it.each([
    ["{", /not JSON/],
    ["{}", /^outcomes: /],
    ['{"outcomes":[]}', /^outcomes: .*1/],
    [
      '{"outcomes":[{"delivery":"x","kind":"acked"}]}',
      /^outcomes\.0\.kind: .*'ack' \| 'release' \| 'fail' \| 'reject'/,
    ],
    ['{"outcomes":[{"delivery":"x","kind":"ack","delayMs":5}]}', /^outcomes\.0: .*delayMs/],
    ['{"outcomes":[{"delivery":"x","kind":"fail","delayMs":-1}]}', /^outcomes\.0\.delayMs: /],
  ])("that cannot be read are refused whole: %s", async (body, detail) => {
    await using fixture = await startTestHttpRouter();
    const answer = await fetch(`${fixture.url}/v1/receivers/b/settlements`, { method: "POST", body });
    expect(await answer.json()).toMatchObject({
      status: 400,
      code: "INVALID_ARGUMENT",
      detail: expect.stringMatching(detail),
    });
  });
});

describe("a consumer that goes", () => {
  it("without a word has crashed: what it held is retried, counted", async () => {
    await using fixture = await startTestHttpRouter();
    const first = await fixture.receive();
    await fixture.send("held");
    await first.message();
    await first[Symbol.asyncDispose]();
    const second = await fixture.receive();
    expect(await second.message()).toMatchObject({ body: "held", attempt: 2 });
    expect(fixture.events).toContainEqual(expect.objectContaining({ kind: "consumer-left", how: "crashed" }));
  });

  it("with a goodbye gives back what it held, uncounted, and its stream ends", async () => {
    await using fixture = await startTestHttpRouter();
    const first = await fixture.receive();
    await fixture.send("held");
    const { delivery } = await first.message();
    expect(await first.leave()).toMatchObject({ status: 204 });
    await waitFor(() => first.ended);
    expect(first.named("closed")).toMatchObject([{ code: "CANCELLED", detail: "its consumer said goodbye" }]);
    const second = await fixture.receive();
    expect(await second.message()).toMatchObject({ body: "held", attempt: 1 });
    const late = await first.settle({ delivery, kind: "ack" });
    expect(await late.json()).toMatchObject({
      code: "FAILED_PRECONDITION",
      refused: [{ error: { detail: /has ended/ } }],
    });
    expect(await first.leave()).toMatchObject({ status: 400 });
    expect(fixture.events).toContainEqual(expect.objectContaining({ kind: "consumer-left", how: "closed" }));
  });

  it("while the store is away has its stream end at once, and is told that nothing is given back yet", async () => {
    const inner = impatientBroker();
    const away = Promise.withResolvers<void>();
    const broker: Broker = {
      publish: (batch) => inner.publish(batch),
      async subscribe(options) {
        const subscription = await inner.subscribe(options);
        const close = async () => away.promise;
        return new Proxy(subscription, {
          get: (target, name) => {
            if (name === "close") return close;
            const value: unknown = Reflect.get(target, name);
            return typeof value === "function" ? (value.bind(target) as unknown) : value;
          },
        });
      },
      seek: (name, position) => inner.seek(name, position),
      ping: () => inner.ping(),
      close: (options) => inner.close(options),
    };
    await using fixture = await startTestHttpRouter({ broker });
    const stream = await fixture.receive();
    const answers = Promise.all([stream.leave(), stream.leave()]);
    await waitFor(() => stream.ended);
    expect(stream.named("closed")).toMatchObject([{ code: "CANCELLED" }]);
    const late = stream.leave();
    for (const answer of [...(await answers), await late]) {
      expect(await answer.json()).toMatchObject({
        status: 503,
        code: "UNAVAILABLE",
        detail: expect.stringContaining("within 2000 ms"),
      });
    }
    await waitFor(() => fixture.router.streams === 0);
    expect(await stream.leave()).toMatchObject({ status: 400 });
    away.resolve();
  });

  it("silent while it holds messages is taken for dead after its lease", async () => {
    await using fixture = await startTestHttpRouter();
    const stream = await fixture.receive("?leaseMs=1000&credit=1");
    await fixture.send("held");
    await stream.message();
    await waitFor(() => stream.ended);
    expect(stream.named("closed")).toMatchObject([
      { code: "ABORTED", detail: expect.stringMatching(/1000 ms, its lease is over/) },
    ]);
    const second = await fixture.receive();
    expect(await second.message()).toMatchObject({ body: "held", attempt: 2 });
  });

  it("but not while it renews, nor while it holds nothing", async () => {
    await using fixture = await startTestHttpRouter();
    const idle = await fixture.receive("?leaseMs=1000", "/v1/receivers/idle");
    const busy = await fixture.receive("?leaseMs=1000");
    const silent = await fixture.receive("?leaseMs=1000", "/v1/receivers/silent");
    await fixture.send("held");
    const headers = { "chappe-sender": "a", "chappe-to": "silent" };
    await fetch(`${fixture.url}/v1/messages`, { method: "POST", headers, body: "x" });
    await busy.message();
    // Two leases of a consumer that says nothing are more than one of theirs.
    await waitFor(async () => (await busy.renew()).status === 204 && silent.ended);
    expect([idle.ended, busy.ended]).toEqual([false, false]);
    expect(await busy.ack(...busy.messages)).toMatchObject({ status: 200 });
  });
});

it("a message that cannot be read goes to the dead letters, and its neighbours arrive", async () => {
  const store = createMemoryBackend().connect();
  await using fixture = await startTestHttpRouter({ broker: impatientBroker(store) });
  const builder = new BatchBuilder({ sender: "a", address: "receiver:b" });
  for (const body of ["one", "two", "three"]) builder.add({ body, attributes: { key: "value" } }, Date.now());
  const batch = builder.finish(NO_PRODUCER, 0);
  const broken = Buffer.from(batch.records);
  // The second message's attribute is no UTF-8 any more.
  broken[broken.indexOf("value", broken.indexOf("two"))] = 0xff;
  const stream = await fixture.receive();
  await fixture.broker.publish({ ...batch, records: broken });
  await stream.message(2);
  expect(stream.messages.map(({ body }) => body)).toEqual(["one", "three"]);
  expect(fixture.events).toContainEqual(
    expect.objectContaining({ kind: "message-unreadable", address: "receiver:b", error: expect.any(Error) }),
  );
  await waitFor(async () => (await deadLetters(store)).some(({ reason }) => reason.startsWith("cannot be read: ")));
  expect(await stream.ack(...stream.messages)).toMatchObject({ status: 200 });
});
