import { once } from "node:events";
import { connect } from "node:http2";
import { status } from "@grpc/grpc-js";
import { waitFor } from "@chappe/testing";
import { expect, test } from "vitest";
import { batchOf } from "./fixtures/batches.ts";
import { FakeBroker } from "./fixtures/fake-broker.ts";
import { connectStockClient } from "./fixtures/stock-client.ts";
import { startTestRouter } from "./fixtures/test-router.ts";

const OPEN = { address: "receiver:b", subscription: "", consumer: "c1" } as const;

async function setUp(options: Parameters<typeof startTestRouter>[0] = {}) {
  const broker = new FakeBroker();
  const fixture = await startTestRouter({ broker, ...options });
  const client = fixture.client();
  const call = client.subscribe({ open: OPEN, credit: { messages: 9, bytes: 1_000 } });
  await call.opened();
  return { broker, fixture, client, call, subscription: broker.subscriptions[0]! };
}

test("a consumer is asked to leave, settles what it holds, and half-closes", async () => {
  const { fixture, call, subscription } = await setUp();
  await using _ = fixture;
  subscription.deliver(new Uint8Array(10));
  await call.delivery(1);
  expect(fixture.router.streams).toBe(1);
  const drained = fixture.router.drain();
  await waitFor(() => call.responses.some(({ draining }) => draining));
  expect(subscription.calls).toContain("drain");
  call.send({ number: 1, outcomes: [{ delivery: 1, first: 0, count: 1, kind: "ack" }] });
  await waitFor(() => call.settled.length === 1);
  call.call.end();
  expect(await call.ended()).toMatchObject({ code: status.OK });
  await drained;
  expect(subscription.calls).not.toContain("crash");
  expect(fixture.events.slice(-1)).toEqual([{ kind: "closed", forced: 0 }]);
});

test("a consumer that stays has what it holds given back at the deadline, uncounted", async () => {
  const { fixture, call, subscription } = await setUp({ drainMs: 50 });
  await using _ = fixture;
  await fixture.router.drain();
  expect(subscription.calls).toContain("close");
  expect(subscription.calls).not.toContain("crash");
  expect(await call.ended()).toMatchObject({ code: status.UNAVAILABLE });
});

test("a publisher gets its answers, then UNAVAILABLE, so that it goes on elsewhere", async () => {
  const broker = new FakeBroker();
  await using fixture = await startTestRouter({ broker });
  const call = fixture.client().publish();
  call.send(batchOf(["x"]));
  await waitFor(() => broker.publishes.length === 1);
  const drained = fixture.router.drain();
  await waitFor(() => fixture.events.some(({ kind }) => kind === "draining"));
  expect(call.status).toBeUndefined();
  broker.publishes[0]!.resolve();
  expect(await call.ended()).toMatchObject({ code: status.UNAVAILABLE });
  expect(call.results).toMatchObject([{ number: 1, receipt: {} }]);
  await drained;
});

test("a Send under way is answered", async () => {
  const broker = new FakeBroker();
  await using fixture = await startTestRouter({ broker });
  using client = connectStockClient(fixture.router.address);
  const answered = new Promise((resolve) => client.send({ sender: "a", to: "b" }, (error) => resolve(error)));
  await waitFor(() => broker.publishes.length === 1);
  const drained = fixture.router.drain();
  broker.publishes[0]!.resolve();
  expect(await answered).toBeNull();
  await drained;
});

test("clients are told to open no more calls on their connection", async () => {
  const { fixture, call } = await setUp();
  await using _ = fixture;
  const session = connect(`http://${fixture.router.address}`);
  await once(session, "remoteSettings");
  const told = once(session, "goaway");
  const drained = fixture.router.drain();
  await told;
  call.call.end();
  await drained;
});

test("no new connection is taken, and no new call on an old one", async () => {
  const { fixture, client, call } = await setUp();
  await using _ = fixture;
  const drained = fixture.router.drain();
  await waitFor(() => call.responses.some(({ draining }) => draining));
  for (const late of [client.publish(), fixture.client().subscribe({ open: OPEN })]) {
    expect(await late.ended()).toMatchObject({ code: status.UNAVAILABLE });
  }
  call.call.end();
  await drained;
});

test("a client that reads nothing and answers nothing cannot hold up the end", async () => {
  const { fixture, call, subscription } = await setUp({ drainMs: 50 });
  await using _ = fixture;
  call.call.pause();
  call.send({ credit: { messages: 1_000, bytes: 10_000_000 } });
  for (let count = 0; count < 100; count++) subscription.deliver(new Uint8Array(100_000));
  await waitFor(() => call.frameBytes.length > 0 || subscription.waiting.length > 0);
  const before = performance.now();
  await fixture.router.drain();
  expect(performance.now() - before).toBeLessThan(5_000);
  expect(subscription.calls).toContain("close");
});

test("close does not wait for clients, cuts a drain short, and both may be called again", async () => {
  const { fixture, call } = await setUp({ drainMs: 60_000 });
  await using _ = fixture;
  const drained = fixture.router.drain();
  await waitFor(() => call.responses.some(({ draining }) => draining));
  await fixture.router.close();
  await Promise.all([drained, fixture.router.drain(), fixture.router.close()]);
  expect(await call.ended()).toMatchObject({ code: status.UNAVAILABLE });
  expect(fixture.events.filter(({ kind }) => kind === "closed")).toHaveLength(1);
});

test("a consumer that is let in while the router drains is turned away", async () => {
  const broker = new FakeBroker();
  const asked = Promise.withResolvers<void>();
  const letIn = Promise.withResolvers<void>();
  broker.onSubscribe = () => (asked.resolve(), letIn.promise);
  await using fixture = await startTestRouter({ broker });
  const call = fixture.client().subscribe({ open: OPEN });
  await asked.promise;
  const drained = fixture.router.drain();
  expect(await call.ended()).toMatchObject({ code: status.UNAVAILABLE });
  letIn.resolve();
  await waitFor(() => broker.subscriptions[0]?.calls.includes("close"));
  await drained;
});
