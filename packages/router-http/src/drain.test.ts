import { Agent, get, request } from "node:http";
import { once } from "node:events";
import { connect } from "node:net";
import type { Broker, Receipt } from "@chappe/broker";
import { waitFor } from "@chappe/testing";
import { expect, it } from "vitest";
import { impatientBroker } from "./fixtures/test-app.ts";
import { startTestHttpRouter, type TestHttpRouter } from "./fixtures/test-http-router.ts";

const draining = (fixture: TestHttpRouter) => waitFor(() => fixture.events.some(({ kind }) => kind === "draining"));

it("a consumer is asked to leave, settles what it holds, and its stream ends", async () => {
  await using fixture = await startTestHttpRouter();
  const stream = await fixture.receive();
  await fixture.send("held");
  await stream.message();
  const drained = fixture.router.drain();
  await waitFor(() => stream.named("draining").length === 1);
  expect(stream.named("draining")).toEqual([{ drainMs: 25_000 }]);
  expect(stream.ended).toBe(false);
  expect(await (await stream.ack(...stream.messages)).json()).toEqual({ settled: 1 });
  await drained;
  await waitFor(() => stream.ended);
  expect(stream.named("closed")).toMatchObject([{ status: 503, code: "UNAVAILABLE" }]);
  expect(fixture.events.at(-1)).toEqual({ kind: "closed", forced: 0 });
  expect(fixture.events).not.toContainEqual(expect.objectContaining({ how: "crashed" }));
});

it("a consumer that holds nothing is let go at once", async () => {
  await using fixture = await startTestHttpRouter({ drainMs: 60_000 });
  const stream = await fixture.receive();
  await fixture.router.drain();
  await waitFor(() => stream.ended);
});

it("a consumer that stays has what it holds given back at the deadline, uncounted", async () => {
  await using fixture = await startTestHttpRouter({ drainMs: 50 });
  const stream = await fixture.receive();
  await fixture.send("held");
  await stream.message();
  await fixture.router.drain();
  const subscription = await fixture.broker.subscribe({ address: "receiver:b", subscription: "", consumer: "c" });
  subscription.grant({ messages: 1, bytes: 1_000 });
  const { value } = await subscription[Symbol.asyncIterator]().next();
  expect(value).toMatchObject({ kind: "delivery", delivery: { attempt: 1 } });
});

it("what is under way is answered; what is new is sent elsewhere, and its connection closed", async () => {
  const stored = Promise.withResolvers<Receipt>();
  const inner = impatientBroker();
  const asked = Promise.withResolvers<void>();
  const broker: Broker = {
    publish: () => (asked.resolve(), stored.promise),
    subscribe: (options) => inner.subscribe(options),
    seek: (name, position) => inner.seek(name, position),
    ping: () => inner.ping(),
    close: (options) => inner.close(options),
  };
  await using fixture = await startTestHttpRouter({ broker });
  const sent = fetch(`${fixture.url}/v1/messages?sender=a&to=b`, { method: "POST", body: "x" });
  await asked.promise;
  const drained = fixture.router.drain();
  // Nothing holds it open but the message under way, so that it listens no more.
  await draining(fixture);
  stored.resolve({ durability: "accepted", duplicate: false, epoch: "e1" });
  expect(await sent).toMatchObject({ status: 201 });
  await drained;
});

it("health tells that it is about to stop, while consumers settle", async () => {
  await using fixture = await startTestHttpRouter();
  const stream = await fixture.receive();
  await fixture.send("held");
  await stream.message();
  const drained = fixture.router.drain();
  await draining(fixture);
  const ask = async (path: string, method = "GET") => {
    const { status, headers } = await fetch(fixture.url + path, { method });
    return [status, headers.get("connection")];
  };
  expect(await ask("/readyz")).toEqual([503, "close"]);
  expect(await ask("/healthz")).toEqual([200, "close"]);
  expect(await ask("/v1/messages?sender=a&to=b", "POST")).toEqual([503, "close"]);
  expect(await ask("/v1/receivers/b/messages")).toEqual([503, "close"]);
  expect(await stream.leave()).toMatchObject({ status: 204 });
  await drained;
});

it("neither connections that idle nor those that were never used are waited for", async () => {
  await using fixture = await startTestHttpRouter({ drainMs: 60_000 });
  const unused = connect(Number(new URL(fixture.url).port), "127.0.0.1");
  await once(unused, "connect");
  const [answer] = await once(get(`${fixture.url}/healthz`, { agent: new Agent({ keepAlive: true }) }), "response");
  answer.resume();
  await once(answer, "end");
  await Promise.all([fixture.router.drain(), once(unused, "close")]);
});

it("clients that read nothing do not hold up the end", async () => {
  await using fixture = await startTestHttpRouter({ drainMs: 50 });
  const [stream] = await once(get(`${fixture.url}/v1/receivers/b/messages`), "response");
  stream.on("error", () => {}).pause();
  await fixture.send(...new Array<string>(10).fill("x".repeat(1_000_000)));
  await fixture.router.drain();
  expect(fixture.events.at(-1)).toMatchObject({ kind: "closed" });
  stream.destroy();
});

it("a stream whose lease is over does not wait for a client that reads nothing, and neither does a drain", async () => {
  await using fixture = await startTestHttpRouter({ drainMs: 60_000 });
  const [stream] = await once(get(`${fixture.url}/v1/receivers/b/messages?leaseMs=1000`), "response");
  stream.on("error", () => {}).pause();
  await fixture.send(...new Array<string>(10).fill("x".repeat(1_000_000)));
  await waitFor(() => fixture.router.streams === 0);
  expect(fixture.events).toContainEqual(expect.objectContaining({ kind: "consumer-left", how: "crashed" }));
  await fixture.router.drain();
  expect(fixture.events.at(-1)).toEqual({ kind: "closed", forced: 0 });
  stream.destroy();
});

it("close does not wait for clients, cuts a drain short, and both may be called again", async () => {
  await using fixture = await startTestHttpRouter({ drainMs: 60_000 });
  const stream = await fixture.receive();
  await fixture.send("held");
  await stream.message();
  const drained = fixture.router.drain();
  await waitFor(() => stream.named("draining").length === 1);
  await fixture.router.close();
  await Promise.all([drained, fixture.router.drain(), fixture.router.close()]);
  expect(fixture.events.filter(({ kind }) => kind === "closed")).toHaveLength(1);
});

it("a request that never ends does not hold up the end, even that of a drain", async () => {
  await using fixture = await startTestHttpRouter({ drainMs: 60_000 });
  const slow = request(`${fixture.url}/v1/messages?sender=a&to=b`, {
    method: "POST",
    headers: { "content-length": 9 },
  });
  slow.on("error", () => {});
  slow.write("x");
  await waitFor(() => slow.socket?.bytesWritten);
  const drained = fixture.router.drain();
  await draining(fixture);
  await fixture.router.close();
  await drained;
  slow.destroy();
});
