import { ChappeError, type FrameOutcome } from "@chappe/message";
import { describe, expect, test } from "vitest";
import { deliveryOf } from "./fixtures/deliveries.ts";
import { errorOf } from "./fixtures/error-of.ts";
import type { FakeCall } from "./fixtures/fake-routers.ts";
import { type ReceivingClient, receivingClient } from "./fixtures/receiving-client.ts";
import { Consumer } from "./consumer.ts";
import type { ReceivedMessage } from "./received-message.ts";

function start(client: ReceivingClient) {
  const ended: { error: ChappeError | undefined }[] = [];
  const consumer = new Consumer(client.options, client.parts, {
    onMessages: () => {},
    onEnd: (error) => ended.push({ error }),
  });
  return { consumer, ended };
}

function takeAll(consumer: Consumer): ReceivedMessage[] {
  const messages: ReceivedMessage[] = [];
  for (let message = consumer.take(); message !== undefined; message = consumer.take()) messages.push(message);
  return messages;
}

function outcomesOf(call: FakeCall): FrameOutcome[] {
  return call.takeSubscribes().flatMap(({ outcomes }) => [...outcomes]);
}

describe("opening", () => {
  test("the first frame says what is read, by whom, and grants the credit", async () => {
    const client = receivingClient();
    const { consumer } = start(client);
    const [frame] = client.routers.last.takeSubscribes();
    expect(frame).toMatchObject({
      open: { address: "receiver:receiver-01", subscription: "", consumer: "test.1", startFrom: "earliest" },
      credit: { messages: 10, bytes: 1_000_000 },
    });
    client.routers.last.letIn();
    await consumer.opened;
    expect(client.statuses).toMatchObject([{ kind: "connected", router: "router-a", resumed: false }]);
  });

  test("a router that says so is told as one whose subscription was there before", () => {
    const client = receivingClient();
    start(client);
    client.routers.last.tell({
      opened: { epoch: "e", leaseMs: 30_000, heartbeatMs: 10_000, maxAttempts: 5, resumed: true },
    });
    expect(client.statuses).toMatchObject([{ kind: "connected", resumed: true }]);
  });

  test("a router that cannot be reached is tried again, later and later, under the same name", async () => {
    const client = receivingClient({}, ["router-a", "router-b"]);
    start(client);
    for (let attempt = 0; attempt < 3; attempt++) {
      client.routers.last.break();
      await client.clock.advance(1_000);
    }
    expect(client.routers.calls.map(({ router }) => router)).toEqual(["router-a", "router-b", "router-a", "router-b"]);
    for (const call of client.routers.calls) {
      expect(call.takeSubscribes()[0]).toMatchObject({ open: { consumer: "test.1" }, credit: { messages: 10 } });
    }
  });

  test("a router that refuses for good ends it", async () => {
    const client = receivingClient();
    const { consumer, ended } = start(client);
    client.routers.last.finish(new ChappeError("PERMISSION_DENIED", "not yours"));
    await expect(consumer.opened).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
    expect(ended).toMatchObject([{ error: { code: "PERMISSION_DENIED" } }]);
    await client.clock.advance(60_000);
    expect(client.routers.calls).toHaveLength(1);
    expect(client.statuses).toMatchObject([{ kind: "failed", error: { code: "PERMISSION_DENIED" } }]);
  });

  test("a router that never lets it in is given up", async () => {
    const client = receivingClient({}, ["router-a", "router-b"]);
    start(client);
    await client.clock.advance(16_000);
    expect(client.routers.calls.map(({ router, state }) => [router, state])).toEqual([
      ["router-a", "cancelled"],
      ["router-b", "open"],
    ]);
  });
});

describe("messages", () => {
  test("carry what the delivery says", () => {
    const client = receivingClient();
    const { consumer } = start(client);
    client.routers.last.letIn();
    client.routers.last.tell({ deliveries: [deliveryOf(1, ["a", "b"], { attempt: 3, redelivered: true })] });
    const messages = takeAll(consumer);
    expect(messages.map((message) => message.text())).toEqual(["a", "b"]);
    expect(messages[0]).toMatchObject({ attempt: 3, redelivered: true, sender: "sender-01", isOpen: true });
  });

  test("outcomes of one turn, and the credit they free, travel in one frame", async () => {
    const client = receivingClient();
    const { consumer } = start(client);
    const call = client.routers.last;
    call.letIn();
    call.tell({ deliveries: [deliveryOf(1, ["a", "b", "c"]), deliveryOf(2, ["d", "e", "f"])] });
    call.takeSubscribes();
    for (const message of takeAll(consumer)) void message.ack();
    await client.clock.advance(0);
    const frames = call.takeSubscribes();
    expect(frames).toHaveLength(1);
    expect(frames[0]).toMatchObject({
      number: 1,
      outcomes: [
        { delivery: 1, first: 0, count: 3, kind: "ack" },
        { delivery: 2, first: 0, count: 3, kind: "ack" },
      ],
      credit: { messages: 6 },
    });
  });

  test("an ack resolves when the router has answered it, and rejects when it was refused", async () => {
    const client = receivingClient();
    const { consumer } = start(client);
    const call = client.routers.last;
    call.letIn();
    call.tell({ deliveries: [deliveryOf(1, ["a"]), deliveryOf(2, ["b"])] });
    const [a, b] = takeAll(consumer);
    const acked = a!.ack();
    const refused = errorOf(b!.ack());
    await client.clock.advance(0);
    const error = { code: "FAILED_PRECONDITION", message: "too late", retryable: false } as const;
    call.tell({ settled: [{ number: 1, refused: [{ delivery: 2, first: 0, count: 1, error }] }] });
    await acked;
    expect(await refused).toMatchObject({ code: "FAILED_PRECONDITION", message: "too late" });
    expect(client.statuses.at(-1)).toMatchObject({ kind: "refused", messages: 1 });
  });

  test("more outcomes than a router takes in one frame travel in several, and each is answered", async () => {
    const client = receivingClient({ credit: { messages: 10_000, bytes: 10_000_000 } });
    const { consumer } = start(client);
    const call = client.routers.last;
    call.letIn();
    call.takeSubscribes();
    const bodies = Array.from({ length: 1_000 }, () => "x");
    call.tell({ deliveries: [1, 2, 3, 4, 5, 6].map((number) => deliveryOf(number, bodies)) });
    const failed = takeAll(consumer).map((message) => message.fail({ reason: "no" }));
    await client.clock.advance(0);
    const frames = call.takeSubscribes();
    for (const { outcomes } of frames) expect(outcomes.length).toBeLessThanOrEqual(4_096);
    expect(frames.flatMap(({ outcomes }) => outcomes)).toHaveLength(6_000);
    for (const { number } of frames) call.tell({ settled: [{ number, refused: [] }] });
    await Promise.all(failed);
  });

  test("outcomes wait while the stream takes no frames, and then travel together", async () => {
    const client = receivingClient();
    const { consumer } = start(client);
    const call = client.routers.last;
    call.letIn();
    call.tell({ deliveries: [deliveryOf(1, ["a", "b", "c"])] });
    const [a, b, c] = takeAll(consumer);
    call.isWritable = false;
    void a!.ack();
    await client.clock.advance(0);
    void b!.ack();
    await client.clock.advance(0);
    void c!.ack();
    await client.clock.advance(0);
    expect(outcomesOf(call)).toHaveLength(1);
    call.drain();
    await client.clock.advance(0);
    expect(outcomesOf(call)).toMatchObject([{ first: 1, count: 2 }]);
  });

  test("that nobody can read go to the dead letters, and the others are delivered", async () => {
    const client = receivingClient();
    const { consumer } = start(client);
    const call = client.routers.last;
    call.letIn();
    call.takeSubscribes();
    call.tell({ deliveries: [deliveryOf(1, ["a"], { records: Buffer.from("broken") }), deliveryOf(2, ["b"])] });
    await client.clock.advance(0);
    expect(outcomesOf(call)).toMatchObject(
      [{ delivery: 1, count: 1, kind: "reject", reason: /unreadable/ }].map((outcome) => ({
        ...outcome,
        reason: expect.stringMatching(outcome.reason),
      })),
    );
    expect(takeAll(consumer).map((message) => message.text())).toEqual(["b"]);
  });
});

describe("a lost stream", () => {
  test("what was held is somebody else's: not handed out, signals aborted, acks rejected", async () => {
    const client = receivingClient();
    const { consumer } = start(client);
    client.routers.last.letIn();
    client.routers.last.tell({ deliveries: [deliveryOf(1, ["a", "b", "c"])] });
    const a = consumer.take()!;
    const b = consumer.take()!;
    const { signal } = a;
    const untold = b.ack();
    await client.clock.advance(0);
    const unanswered = consumer.take()!.ack();
    client.routers.last.break();
    await expect(unanswered).rejects.toMatchObject({ code: "UNAVAILABLE" });
    expect(signal.aborted).toBe(true);
    expect(consumer.take()).toBeUndefined();
    await expect(untold).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await expect(a.ack()).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await client.clock.advance(100);
    expect(client.routers.last.takeSubscribes()[0]).toMatchObject({ credit: { messages: 10 } });
  });

  test("an ack that nobody waits for does no harm", async () => {
    const unhandled: unknown[] = [];
    const listener = (error: unknown) => unhandled.push(error);
    process.on("unhandledRejection", listener);
    const client = receivingClient();
    const { consumer } = start(client);
    client.routers.last.letIn();
    client.routers.last.tell({ deliveries: [deliveryOf(1, ["a", "b", "c"])] });
    const [a, b, c] = takeAll(consumer);
    void a!.ack();
    await client.clock.advance(0);
    void b!.ack();
    client.routers.last.break();
    void b!.ack();
    void c!.ack();
    await client.clock.advance(10);
    process.off("unhandledRejection", listener);
    expect(unhandled).toEqual([]);
  });

  test("messages whose lease was over are not handed out, and their handlers are told", async () => {
    const client = receivingClient();
    const { consumer } = start(client);
    const call = client.routers.last;
    call.letIn();
    call.tell({ deliveries: [deliveryOf(1, ["a", "b"]), deliveryOf(2, ["c"])] });
    const a = consumer.take()!;
    const { signal } = a;
    call.tell({ revoked: [1] });
    expect(signal.aborted).toBe(true);
    await expect(a.ack()).rejects.toMatchObject({ code: "FAILED_PRECONDITION" });
    expect(takeAll(consumer).map((message) => message.text())).toEqual(["c"]);
    expect(client.statuses.at(-1)).toEqual({ kind: "revoked", address: "receiver:receiver-01", messages: 2 });
  });
});

describe("signs of life", () => {
  test("an idle consumer gives one every third of its lease", async () => {
    const client = receivingClient();
    start(client);
    client.routers.last.tell({ opened: { epoch: "e", leaseMs: 3_000, heartbeatMs: 60_000, maxAttempts: 5 } });
    client.routers.last.takeSubscribes();
    await client.clock.advance(3_500);
    const frames = client.routers.last.takeSubscribes();
    expect(frames).toHaveLength(3);
    expect(frames[0]).toEqual({
      open: undefined,
      credit: undefined,
      number: 0,
      outcomes: [],
      draining: false,
      begun: [],
    });
  });

  test("a router silent for three heartbeats is given up; one that is not, is not", async () => {
    const client = receivingClient();
    start(client);
    client.routers.last.letIn();
    for (let count = 0; count < 20; count++) {
      await client.clock.advance(10_000);
      client.routers.last.tell({});
    }
    expect(client.routers.calls).toHaveLength(1);
    await client.clock.advance(45_000);
    expect(client.routers.calls.length).toBeGreaterThan(1);
    expect(client.routers.calls[0]!.state).toBe("cancelled");
  });

  test("a new epoch is told", () => {
    const client = receivingClient();
    start(client);
    client.routers.last.letIn("epoch-1");
    client.routers.last.tell({ epoch: "epoch-2" });
    const address = "receiver:receiver-01";
    expect(client.statuses.at(-1)).toEqual({ kind: "epochChanged", address, epoch: "epoch-2" });
  });
});

describe("a router that wants to go", () => {
  test("is left once all it delivered is settled; the next one is open by then", async () => {
    const client = receivingClient({}, ["router-a", "router-b"]);
    const { consumer } = start(client);
    const a = client.routers.last;
    a.letIn();
    a.tell({ deliveries: [deliveryOf(1, ["a", "b"])] });
    const first = consumer.take()!;
    a.tell({ draining: true });
    const b = client.routers.last;
    expect(b.router).toBe("router-b");
    expect(b.takeSubscribes()[0]).toMatchObject({ open: { consumer: "test.1" }, credit: { messages: 8 } });
    expect(a.takeSubscribes().at(-1)).toMatchObject({ draining: true });
    b.letIn();
    b.tell({ deliveries: [deliveryOf(1, ["c"])] });
    void first.ack();
    await client.clock.advance(0);
    expect(a.state).toBe("open");
    const [second, third] = takeAll(consumer);
    expect([second!.text(), third!.text()]).toEqual(["b", "c"]);
    void second!.ack();
    await client.clock.advance(0);
    expect(outcomesOf(a)).toMatchObject([{ first: 0 }, { first: 1 }]);
    expect(a.state).toBe("half-closed");
    a.finish();
    expect(client.routers.channels[0]!.isClosed).toBe(true);
    void third!.ack();
    await client.clock.advance(0);
    expect(outcomesOf(b)).toMatchObject([{ delivery: 1, kind: "ack" }]);
  });

  test("is not listened to any more once it was left", async () => {
    const client = receivingClient({}, ["router-a", "router-b"]);
    const { consumer } = start(client);
    const a = client.routers.last;
    a.letIn();
    a.tell({ draining: true });
    expect(a.state).toBe("half-closed");
    // It was sent before the router saw the half-close, and is given back by it.
    a.tell({ deliveries: [deliveryOf(1, ["a"])] });
    expect(consumer.take()).toBeUndefined();
  });

  test("gets a new connection when it is the only one: its connection may just be too old", () => {
    const client = receivingClient();
    start(client);
    client.routers.last.letIn();
    client.routers.last.tell({ draining: true });
    expect(client.routers.channels).toHaveLength(2);
  });
});

describe("closing", () => {
  test("tells the outcomes there are, gives back the rest, and leaves nothing", async () => {
    const client = receivingClient();
    const { consumer, ended } = start(client);
    const call = client.routers.last;
    call.letIn();
    call.tell({ deliveries: [deliveryOf(1, ["a", "b"])] });
    void consumer.take()!.ack();
    consumer.drain();
    expect(consumer.take()).toBeUndefined();
    const finished = consumer.finish();
    expect(call.takeSubscribes().slice(1)).toMatchObject([
      { draining: true, outcomes: [] },
      { draining: false, outcomes: [{ first: 0, count: 1, kind: "ack" }] },
    ]);
    expect(call.state).toBe("half-closed");
    call.finish();
    await finished;
    expect(ended).toEqual([{ error: undefined }]);
    expect(client.clock.pendingTimers).toBe(0);
    expect(client.routers.channels[0]!.isClosed).toBe(true);
  });

  test("does not wait for a router that does not end the stream", async () => {
    const client = receivingClient();
    const { consumer } = start(client);
    client.routers.last.letIn();
    consumer.drain();
    const finished = consumer.finish();
    await client.clock.advance(1_100);
    await finished;
    expect(client.routers.last.state).toBe("cancelled");
    expect(client.clock.pendingTimers).toBe(0);
  });

  test("while no router can be reached ends at once", async () => {
    const client = receivingClient();
    const { consumer, ended } = start(client);
    client.routers.last.break();
    consumer.drain();
    await consumer.finish();
    expect(ended).toEqual([{ error: undefined }]);
    await expect(consumer.opened).rejects.toMatchObject({ code: "CANCELLED" });
    expect(client.clock.pendingTimers).toBe(0);
  });
});
