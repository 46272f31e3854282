import { ChappeError } from "@chappe/message";
import { status } from "@grpc/grpc-js";
import { Link, waitFor } from "@chappe/testing";
import { describe, expect, test } from "vitest";
import { batchOf } from "./fixtures/batches.ts";
import { FakeBroker, type FakeSubscription } from "./fixtures/fake-broker.ts";
import { startTestRouter } from "./fixtures/test-router.ts";

const OPEN = { address: "receiver:b", subscription: "", consumer: "c1" } as const;
const PLENTY = { messages: 1_000, bytes: 1_000_000 };

/** An open stream, and the subscription at its other end. */
async function setUp(options: Parameters<typeof startTestRouter>[0] = {}) {
  const broker = new FakeBroker();
  const fixture = await startTestRouter({ broker, ...options });
  const call = fixture.client().subscribe({ open: OPEN });
  await call.opened();
  const subscription = broker.subscriptions[0] as FakeSubscription;
  return { broker, fixture, call, subscription };
}

describe("Subscribe", () => {
  test("delivers what was sent, byte for byte, and settles it", async () => {
    await using fixture = await startTestRouter();
    const client = fixture.client();
    const batch = batchOf(["one", "two"]);
    client.publish().send(batch);
    const call = client.subscribe({ open: OPEN, credit: PLENTY });
    expect(await call.delivery(1)).toMatchObject({
      attempt: 1,
      first: 0,
      count: 2,
      headerBytes: batch.headerBytes,
      records: batch.records,
    });
    call.send({ number: 9, outcomes: [{ delivery: 1, first: 0, count: 2, kind: "ack" }] });
    await waitFor(() => call.settled.length === 1);
    expect(call.settled).toEqual([{ number: 9, refused: [] }]);
    call.call.end();
    expect(await call.ended()).toMatchObject({ code: status.OK });
  });

  test("answers outcomes without a number only when some are refused", async () => {
    const { fixture, call, subscription } = await setUp();
    await using _ = fixture;
    const outcome = { delivery: 1, first: 0, count: 1, kind: "ack" } as const;
    call.send({ outcomes: [outcome] });
    await waitFor(() => subscription.settled.length === 1);
    subscription.refuse = () => [{ outcome, error: new ChappeError("FAILED_PRECONDITION", "late") }];
    call.send({ outcomes: [outcome] });
    await waitFor(() => call.settled.length === 1);
    expect(call.settled).toMatchObject([{ number: 0, refused: [{ delivery: 1, error: { message: "late" } }] }]);
  });

  test("says the stream's terms in the first frame", async () => {
    const { fixture, call } = await setUp({ leaseMs: 9_000, heartbeatMs: 3_000, maxAttempts: 7 });
    await using _ = fixture;
    expect(call.responses[0]).toMatchObject({
      opened: { epoch: "e1", leaseMs: 9_000, heartbeatMs: 3_000, maxAttempts: 7, resumed: true },
    });
  });

  test("tells the broker who reads what, from where, and on what lease", async () => {
    await using fixture = await startTestRouter({ broker: new FakeBroker() });
    const broker = fixture.broker as FakeBroker;
    const where = { address: "topic:t", subscription: "s", consumer: "c", startFrom: "earliest" } as const;
    const open = { ...where, singleActive: true, beginsSuspects: true };
    await fixture.client().subscribe({ open }).opened();
    expect(broker.subscriptions[0]?.options).toEqual({ ...open, leaseMs: 30_000 });
  });

  test("what stands in the first frame besides open takes effect, and later frames wait for the broker", async () => {
    const broker = new FakeBroker();
    const letIn = Promise.withResolvers<void>();
    broker.onSubscribe = () => letIn.promise;
    await using fixture = await startTestRouter({ broker });
    const client = fixture.client();
    const call = client.subscribe({ open: OPEN, credit: { messages: 1, bytes: 10 } });
    call.send({ credit: { messages: 2, bytes: 20 } });
    // What follows over the same connection comes back twice; by then both frames have long arrived.
    const publisher = client.publish();
    for (const index of [0, 1]) {
      const number = publisher.send(batchOf(["x"]));
      await waitFor(() => broker.publishes.length > index);
      broker.publishes[index]!.resolve();
      await publisher.answer(number);
    }
    letIn.resolve();
    await call.opened();
    await waitFor(() => broker.subscriptions[0]?.granted.messages === 3);
    expect(broker.subscriptions[0]?.granted).toEqual({ messages: 3, bytes: 30 });
  });

  test("passes revocations and a new epoch on", async () => {
    const { fixture, call, subscription } = await setUp();
    await using _ = fixture;
    subscription.put({ kind: "revoked", deliveries: [1, 2] });
    subscription.put({ kind: "epoch", epoch: "e2" });
    await waitFor(() => call.responses.some(({ epoch }) => epoch === "e2"));
    expect(call.responses.flatMap(({ revoked }) => revoked)).toEqual([1, 2]);
  });

  test("passes on which suspects the consumer begins on, and answers when the broker knows", async () => {
    const { fixture, call, subscription } = await setUp();
    await using _ = fixture;
    call.send({ begun: [3] });
    call.send({ number: 7, begun: [1, 2] });
    await waitFor(() => call.settled.length === 1);
    expect(call.settled).toEqual([{ number: 7, refused: [] }]);
    expect(subscription.calls.filter((name) => name.startsWith("begin"))).toEqual(["begin 3", "begin 1 2"]);
  });

  test("every frame is a sign of life, also an empty one", async () => {
    const { fixture, call, subscription } = await setUp();
    await using _ = fixture;
    const before = subscription.calls.filter((name) => name === "renew").length;
    call.send({});
    call.send({ credit: { messages: 1, bytes: 1 } });
    await waitFor(() => subscription.granted.messages === 1);
    expect(subscription.calls.filter((name) => name === "renew")).toHaveLength(before + 2);
  });

  test("an idle stream carries empty frames", async () => {
    const { fixture, call } = await setUp({ heartbeatMs: 100 });
    await using _ = fixture;
    await waitFor(() => call.frameBytes.filter((bytes) => bytes === 0).length >= 2);
  });

  test("a draining consumer gets no more, and settles what it holds", async () => {
    const { fixture, call, subscription } = await setUp();
    await using _ = fixture;
    call.send({ draining: true });
    call.send({ number: 1, outcomes: [{ delivery: 1, first: 0, count: 1, kind: "ack" }] });
    await waitFor(() => call.settled.length === 1);
    expect(subscription.calls).toContain("drain");
    expect(subscription.settled).toHaveLength(1);
  });
});

describe("the end of a Subscribe stream", () => {
  test("a half-close gives back what is held, and OK comes after that", async () => {
    const { fixture, call, subscription } = await setUp();
    await using _ = fixture;
    const told = Promise.withResolvers<void>();
    subscription.onClose = () => told.promise;
    call.send({ number: 5, outcomes: [{ delivery: 1, first: 0, count: 1, kind: "ack" }] });
    call.call.end();
    await waitFor(() => subscription.calls.includes("close"));
    await waitFor(() => call.settled.length === 1);
    expect(call.status).toBeUndefined();
    told.resolve();
    expect(await call.ended()).toMatchObject({ code: status.OK });
    expect(subscription.calls).not.toContain("crash");
    expect(fixture.events).toContainEqual(expect.objectContaining({ kind: "consumer-left", how: "closed" }));
  });

  test("what waits to be sent when the client half-closes is given back, and not sent", async () => {
    const { fixture, call, subscription } = await setUp();
    await using _ = fixture;
    call.call.pause();
    for (let count = 0; count < 100; count++) subscription.deliver(new Uint8Array(65_536));
    let waiting = 0;
    let still = 0;
    await waitFor(() => {
      still = waiting === subscription.waiting.length ? still + 1 : 0;
      waiting = subscription.waiting.length;
      return still > 50;
    });
    const fetched = 100 - waiting;
    call.call.end();
    await waitFor(() => subscription.calls.includes("close"));
    call.call.resume();
    await call.ended();
    expect(call.deliveries.length).toBeLessThan(fetched);
  });

  test("a cancelled stream is a crash of its consumer", async () => {
    const { fixture, call, subscription } = await setUp();
    await using _ = fixture;
    call.call.cancel();
    await waitFor(() => subscription.calls.includes("crash"));
    expect(subscription.calls).not.toContain("close");
    expect(fixture.events).toContainEqual(expect.objectContaining({ kind: "consumer-left", how: "crashed" }));
  });

  test("a lost connection is a crash of its consumer", async () => {
    const broker = new FakeBroker();
    await using fixture = await startTestRouter({ broker });
    await using link = await Link.start({ host: "127.0.0.1", port: fixture.router.port });
    await fixture.client(`127.0.0.1:${link.port}`).subscribe({ open: OPEN }).opened();
    link.cut("reset");
    await waitFor(() => broker.subscriptions[0]?.calls.includes("crash"));
  });

  test("a stream that breaks while the broker lets it in leaves no consumer behind", async () => {
    const broker = new FakeBroker();
    const asked = Promise.withResolvers<void>();
    const letIn = Promise.withResolvers<void>();
    broker.onSubscribe = () => (asked.resolve(), letIn.promise);
    await using fixture = await startTestRouter({ broker });
    const call = fixture.client().subscribe({ open: OPEN });
    await asked.promise;
    call.call.cancel();
    letIn.resolve();
    await waitFor(() => broker.subscriptions[0]?.calls.some((name) => name === "close" || name === "crash"));
  });

  test("what the broker refuses ends the stream with its error", async () => {
    const broker = new FakeBroker();
    broker.onSubscribe = () => Promise.reject(new ChappeError("UNAVAILABLE", "the store is away"));
    await using fixture = await startTestRouter({ broker });
    const call = fixture.client().subscribe({ open: OPEN });
    expect(await call.ended()).toMatchObject({ code: status.UNAVAILABLE, details: "the store is away" });
  });

  test("a lease that ran out ends the stream with what the broker says", async () => {
    await using fixture = await startTestRouter({ leaseMs: 1_000, heartbeatMs: 500 });
    const call = fixture.client().subscribe({ open: OPEN });
    expect(await call.ended()).toMatchObject({ code: status.ABORTED, details: expect.stringContaining("lease") });
  });

  test("a broker that closes sends its consumers elsewhere", async () => {
    const { fixture, call, subscription } = await setUp();
    await using _ = fixture;
    subscription.end();
    expect(await call.ended()).toMatchObject({ code: status.UNAVAILABLE });
  });
});

describe("a consumer that does not read", () => {
  const MIB = 1_048_576;

  test("costs a window of credit, however much it granted", async () => {
    const { fixture, call, subscription } = await setUp();
    await using _ = fixture;
    call.call.pause();
    call.send({ credit: { messages: 1_000_000, bytes: 1_073_741_824 } });
    await waitFor(() => subscription.granted.messages === 1_000_000);
    let delivered = 0;
    const deliverAll = (): boolean => {
      const before = delivered;
      for (; delivered + 65_536 <= subscription.granted.bytes; delivered += 65_536) {
        subscription.deliver(new Uint8Array(65_536));
      }
      return delivered === before;
    };
    // Until the peer's and the kernel's buffers are full, and nothing moves any more.
    let still = 0;
    await waitFor(() => (still = deliverAll() ? still + 1 : 0) > 200, { deadlineMs: 10_000 });
    expect(subscription.waiting.length * 65_536).toBeGreaterThan(2 * MIB);
    expect(subscription.waiting.length * 65_536).toBeLessThanOrEqual(4 * MIB);
    expect(delivered).toBeLessThan(16 * MIB);

    call.call.resume();
    await waitFor(() => (deliverAll(), subscription.granted.bytes > 40 * MIB), { deadlineMs: 10_000 });
  });

  test("is not read on while it leaves its answers", async () => {
    const { fixture, call, subscription } = await setUp();
    await using _ = fixture;
    subscription.refuse = (outcomes) =>
      outcomes.map((outcome) => ({ outcome, error: new ChappeError("FAILED_PRECONDITION", "x".repeat(250)) }));
    call.call.pause();
    const outcomes = Array.from({ length: 4_000 }, () => ({ delivery: 1, first: 0, count: 1, kind: "ack" }) as const);
    for (let number = 1; number <= 60; number++) call.send({ number, outcomes });
    let before = -1;
    let still = 0;
    await waitFor(
      () => {
        still = before === subscription.settled.length ? still + 1 : 0;
        before = subscription.settled.length;
        return before > 0 && still > 100;
      },
      { deadlineMs: 10_000 },
    );
    // One answer waits, one is on its way; grpc-js takes 16 ahead of a client that does not read.
    expect(subscription.settled.length).toBeLessThan(24 * 4_000);
    call.call.resume();
    await waitFor(() => call.settled.length === 60, { deadlineMs: 10_000 });
  });
});
