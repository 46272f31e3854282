import { ChappeError } from "@chappe/message";
import { describe, expect, test } from "vitest";
import { Sender } from "./sender.ts";
import { errorOf } from "./fixtures/error-of.ts";
import { unavailable } from "./fixtures/frame-errors.ts";
import { sendingClient } from "./fixtures/sending-client.ts";
import { interrupt, sendAndStore } from "./fixtures/store-losses.ts";
import { textsOf, textsOfFrames } from "./fixtures/texts-of.ts";

const to = "receiver-01";

describe("batching", () => {
  test("a message goes out at the end of its turn, and its receipt has its id", async () => {
    const { sender, routers, clock } = sendingClient();
    const sent = sender.send({ to, body: "hello" });
    await clock.advance(0);
    const [frame] = routers.last.takePublishes();
    expect(textsOfFrames([frame!])).toEqual(["hello"]);
    routers.last.answer(frame!);
    const receipt = await sent;
    expect(receipt.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(receipt).toMatchObject({ durability: "accepted", duplicate: false, epoch: "epoch-1" });
  });

  test("messages of one turn travel as one batch, each with an id of its own", async () => {
    const { sender, routers, clock } = sendingClient();
    const sent = ["a", "b", "c"].map((body) => sender.send({ to, body }));
    const named = sender.send({ to, body: "d", id: "my-id" });
    await clock.advance(0);
    const [frame] = routers.last.takePublishes();
    expect(frame!.batches.map(textsOf)).toEqual([["a", "b", "c", "d"]]);
    routers.last.answer(frame!);
    const ids = (await Promise.all(sent)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    expect(ids).toEqual(ids.toSorted());
    expect((await named).id).toBe("my-id");
  });

  test("batches of many addresses share a frame", async () => {
    const { sender, routers, clock } = sendingClient();
    void sender.send({ to: "r1", body: "1" });
    void sender.publish({ topic: "t", body: "2" });
    void sender.send({ to: "r2", body: "3" });
    void sender.send({ to: "r1", body: "4" });
    await clock.advance(0);
    const frames = routers.last.takePublishes();
    expect(frames).toHaveLength(1);
    expect(frames[0]!.batches.map((batch) => [batch.header.address, ...textsOf(batch)])).toEqual([
      ["receiver:r1", "1", "4"],
      ["topic:t", "2"],
      ["receiver:r2", "3"],
    ]);
  });

  test("with two frames in flight batches fill up until an answer comes", async () => {
    const { sender, routers, clock } = sendingClient();
    for (const body of ["1", "2", "3", "4"]) {
      void sender.send({ to, body });
      await clock.advance(0);
    }
    const frames = routers.last.takePublishes();
    expect(textsOfFrames(frames)).toEqual(["1", "2"]);
    routers.last.answer(frames[0]!);
    await clock.advance(0);
    expect(routers.last.takePublishes().map(({ batches }) => batches.map(textsOf))).toEqual([[["3", "4"]]]);
  });

  test("full frames do not wait for answers", async () => {
    const { sender, routers, clock } = sendingClient();
    const body = "x".repeat(1_000);
    for (let count = 0; count < 400; count++) void sender.send({ to, body });
    await clock.advance(0);
    const frames = routers.last.takePublishes();
    expect(frames.length).toBeGreaterThan(3);
    for (const { batches } of frames) expect(batches).toHaveLength(1);
  });

  test("messages with options travel in batches of their own, which carry them", async () => {
    const { sender, routers, clock } = sendingClient();
    void sender.send({ to, body: "1" });
    void sender.send({ to, body: "2", orderingKey: "k" });
    void sender.send({ to, body: "3", orderingKey: "k" });
    void sender.send({ to, body: "4", deduplicationId: "d" });
    void sender.send({ to, body: "5", deduplicationId: "d" });
    await clock.advance(0);
    const [frame] = routers.last.takePublishes();
    expect(
      frame!.batches.map((batch) => [batch.header.orderingKey, batch.header.deduplicationId, ...textsOf(batch)]),
    ).toEqual([
      ["", "", "1"],
      ["k", "", "2", "3"],
      ["", "d", "4"],
      ["", "d", "5"],
    ]);
  });

  test("messages of one ordering key keep their order, though they differ in other options", async () => {
    const { sender, routers, clock } = sendingClient();
    for (const [body, ttlMs] of [
      ["1", 1_000],
      ["2", 1_000],
      ["3", 2_000],
      ["4", 1_000],
    ] as const) {
      void sender.send({ to, body, orderingKey: "k", ttlMs });
      void sender.send({ to, body: `other ${body}`, orderingKey: "other" });
    }
    await clock.advance(0);
    const [frame] = routers.last.takePublishes();
    expect(frame!.batches.map(textsOf)).toEqual([
      ["1", "2"],
      ["other 1", "other 2", "other 3", "other 4"],
      ["3"],
      ["4"],
    ]);
  });

  test("batches of one address are numbered 1, 2, 3 under one producer id", async () => {
    const { sender, routers, clock } = sendingClient();
    const headers = [];
    for (let count = 0; count < 3; count++) {
      void sender.send({ to, body: "x" });
      await clock.advance(0);
      const [frame] = routers.last.takePublishes();
      headers.push(frame!.batches[0]!.header);
      routers.last.answer(frame!);
    }
    expect(headers.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(new Set(headers.map(({ producerId }) => Buffer.from(producerId).toString("hex"))).size).toBe(1);
  });

  test("a frame has one durability", async () => {
    const { publisher, canceller, sender, routers, clock } = sendingClient();
    void sender.send({ to, body: "1" });
    void new Sender("sender-02", publisher, canceller, "fsynced").send({ to, body: "2" });
    await clock.advance(0);
    const frames = routers.last.takePublishes();
    expect(frames.map(({ durability, batches }) => [durability, ...batches.flatMap(textsOf)])).toEqual([
      ["accepted", "1"],
      ["fsynced", "2"],
    ]);
  });

  test("what was given up before its turn holds up nothing of another durability", async () => {
    const { publisher, canceller, sender, routers, clock } = sendingClient({ sendTimeoutMs: 15 });
    const givenUp = errorOf(sender.send({ to, body: "1" }));
    await clock.advance(0);
    // The next attempt to connect comes 25 ms later.
    routers.last.break();
    await clock.advance(15);
    const sent = new Sender("sender-02", publisher, canceller, "fsynced").send({ to, body: "2" });
    await clock.advance(10);
    expect(await givenUp).toMatchObject({ code: "DEADLINE_EXCEEDED" });
    const frames = routers.last.takePublishes();
    expect(textsOfFrames(frames)).toEqual(["2"]);
    routers.last.answer(frames[0]!);
    await sent;
  });
});

describe("bad input", () => {
  test("a bad message is refused at once, and harms no other of its batch", async () => {
    const { sender, routers, clock } = sendingClient({ maxMessageBytes: 10 });
    const first = sender.send({ to, body: "fine" });
    const tooLong = sender.send({ to, body: "x".repeat(11) });
    const last = sender.send({ to, body: "fine too" });
    await expect(tooLong).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await clock.advance(0);
    const frames = routers.last.takePublishes();
    expect(textsOfFrames(frames)).toEqual(["fine", "fine too"]);
    routers.last.answer(frames[0]!);
    await Promise.all([first, last]);
  });

  test("a bad message that would have begun a batch leaves none behind", async () => {
    const { sender, routers, clock } = sendingClient({ maxMessageBytes: 10 });
    await expect(sender.send({ to, body: "x".repeat(11) })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await clock.advance(100);
    expect(routers.calls).toHaveLength(0);
  });

  test("a bad message that would have begun a batch leaves the next one its deadline", async () => {
    const { sender, clock } = sendingClient({ maxMessageBytes: 10, sendTimeoutMs: 1_000 });
    await errorOf(sender.send({ to, body: "x".repeat(11) }));
    const sent = errorOf(sender.send({ to, body: "fine" }));
    await clock.advance(1_200);
    expect(await sent).toMatchObject({ code: "DEADLINE_EXCEEDED" });
  });

  test.each([
    ["a name outside the grammar", { to: "receiver 01", body: "x" }, /position 8/],
    ["no destination", { body: "x" }, /receiver must be a string/],
    ["no message", undefined, /receiver must be a string/],
    ["an unknown key", { to, body: "x", prioritty: 1 }, /prioritty/],
  ])("%s is refused with what is wrong", async (_, message, text) => {
    const { sender } = sendingClient();
    const error = await sender.send(message as never).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ChappeError);
    expect(error).toMatchObject({ code: "INVALID_ARGUMENT", message: expect.stringMatching(text) });
  });
});

describe("memory", () => {
  test("a full client lets sends wait, in order, until there is room", async () => {
    const { sender, routers, clock } = sendingClient({ maxPendingBytes: 600 });
    const sent = ["1", "2", "3", "4"].map((body) => sender.send({ to, body }));
    await clock.advance(0);
    const [frame] = routers.last.takePublishes();
    expect(textsOfFrames([frame!])).toEqual(["1", "2", "3"]);
    routers.last.answer(frame!);
    await clock.advance(0);
    const rest = routers.last.takePublishes();
    expect(textsOfFrames(rest)).toEqual(["4"]);
    routers.last.answer(rest[0]!);
    await Promise.all(sent);
  });

  test("or rejects them with RESOURCE_EXHAUSTED", async () => {
    const { sender } = sendingClient({ maxPendingBytes: 1, whenFull: "reject" });
    void sender.send({ to, body: "1" });
    await expect(sender.send({ to, body: "2" })).rejects.toMatchObject({
      code: "RESOURCE_EXHAUSTED",
      message: expect.stringContaining("maxPendingBytes"),
    });
  });

  test("many messages wait for room, too, and are in order with the others", async () => {
    const { sender, routers, clock } = sendingClient({ maxPendingBytes: 300 });
    const all = sender.sendAll(["1", "2", "3", "4"].map((body) => ({ to, body })));
    const one = sender.send({ to, body: "5" });
    const texts: string[] = [];
    for (let turn = 0; turn < 10; turn++) {
      await clock.advance(0);
      for (const frame of routers.last.takePublishes()) {
        texts.push(...textsOfFrames([frame]));
        routers.last.answer(frame);
      }
    }
    const receipts = await all;
    await one;
    expect(texts.toSorted()).toEqual(["1", "2", "3", "4", "5"]);
    expect(texts.filter((text) => text !== "5")).toEqual(["1", "2", "3", "4"]);
    expect(new Set(receipts.map(({ id }) => id)).size).toBe(4);
  });

  test("who waits for room gives up at the deadline", async () => {
    const { sender, clock } = sendingClient({ maxPendingBytes: 1, sendTimeoutMs: 1_000 });
    sender.send({ to, body: "1" }).catch(() => {});
    const waiting = errorOf(sender.send({ to, body: "2" }));
    await clock.advance(1_200);
    expect(await waiting).toMatchObject({
      code: "DEADLINE_EXCEEDED",
      message: expect.stringContaining("was not sent"),
    });
  });
});

describe("deadlines", () => {
  test("a send without an answer rejects after its time, and says that the message may still arrive", async () => {
    const { sender, clock } = sendingClient({ sendTimeoutMs: 1_000 });
    let settledMs: number | undefined;
    const startMs = clock.now();
    const sent = sender.send({ to, body: "x" }).catch((error: unknown) => {
      settledMs = clock.now() - startMs;
      return error;
    });
    await clock.advance(2_000);
    expect(await sent).toMatchObject({
      code: "DEADLINE_EXCEEDED",
      message: expect.stringContaining("may still arrive"),
    });
    expect(settledMs).toBeGreaterThanOrEqual(1_000);
    expect(settledMs).toBeLessThanOrEqual(1_200);
  });

  test("a router that does not answer is given up for another one before that", async () => {
    const { sender, routers, clock } = sendingClient({ sendTimeoutMs: 1_000 }, ["router-a", "router-b"]);
    const sent = sender.send({ to, body: "x" });
    await clock.advance(700);
    expect(routers.calls.map(({ router, state }) => [router, state])).toEqual([
      ["router-a", "cancelled"],
      ["router-b", "open"],
    ]);
    routers.last.answer(routers.last.takePublishes()[0]!);
    await sent;
  });

  test("no timer is left when everything is settled", async () => {
    const { sender, routers, clock } = sendingClient();
    const sent = sender.send({ to, body: "x" });
    await clock.advance(0);
    routers.last.answer(routers.last.takePublishes()[0]!);
    await sent;
    // Acknowledged batches are kept for five seconds.
    await clock.advance(7_000);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe("closing", () => {
  test("what is pending is flushed and answered first, then the stream ends", async () => {
    const { sender, publisher, routers, clock } = sendingClient();
    const sent = sender.send({ to, body: "x" });
    const closed = publisher.close(1_000);
    await clock.advance(0);
    expect(routers.last.state).toBe("open");
    routers.last.answer(routers.last.takePublishes()[0]!);
    await sent;
    await clock.advance(0);
    expect(routers.last.state).toBe("half-closed");
    routers.last.finish();
    await closed;
    expect(routers.channels[0]!.isClosed).toBe(true);
    expect(clock.pendingTimers).toBe(0);
  });

  test("at the deadline the rest is rejected, and nothing is left", async () => {
    const { sender, publisher, routers, clock } = sendingClient();
    const sent = errorOf(sender.send({ to, body: "x" }));
    const closed = publisher.close(1_000);
    await clock.advance(1_100);
    expect(await sent).toMatchObject({
      code: "CANCELLED",
      message: expect.stringContaining("may still arrive"),
    });
    await closed;
    expect(routers.last.state).toBe("cancelled");
    expect(clock.pendingTimers).toBe(0);
  });

  test("no timer is left of one that let somebody in when another's time was over", async () => {
    const { sender, publisher, clock } = sendingClient({ maxPendingBytes: 1, sendTimeoutMs: 1_000 });
    const first = errorOf(sender.send({ to, body: "1" }));
    await clock.advance(500);
    const second = errorOf(sender.send({ to, body: "2" }));
    await clock.advance(650);
    expect(await first).toMatchObject({ code: "DEADLINE_EXCEEDED" });
    const closed = publisher.close(0);
    await clock.advance(0);
    expect(await second).toMatchObject({ code: "CANCELLED" });
    await closed;
    expect(clock.pendingTimers).toBe(0);
  });

  test("an error that may pass sets no timer any more", async () => {
    const client = sendingClient();
    await sendAndStore(client, "1");
    const asked = await interrupt(client);
    expect(textsOfFrames(asked)).toEqual(["1"]);
    const closed = client.publisher.close(1_000);
    await client.clock.advance(0);
    for (const frame of asked) client.routers.last.answer(frame, () => unavailable);
    client.routers.last.finish();
    await closed;
    expect(client.clock.pendingTimers).toBe(0);
  });

  test("a closed client takes no messages", async () => {
    const { sender, publisher } = sendingClient();
    await publisher.close(0);
    await expect(sender.send({ to, body: "x" })).rejects.toMatchObject({ code: "CANCELLED" });
  });
});
