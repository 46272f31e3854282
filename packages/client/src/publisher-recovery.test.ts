import { ChappeError, type PublishRequestFrame } from "@chappe/message";
import { describe, expect, test } from "vitest";
import { errorOf } from "./fixtures/error-of.ts";
import { gap, refused, unavailable } from "./fixtures/frame-errors.ts";
import { type SendingClient, sendingClient } from "./fixtures/sending-client.ts";
import { textsOf, textsOfFrames } from "./fixtures/texts-of.ts";

const to = "receiver-01";

/** Sends each body in a frame of its own, and takes the frames. */
async function sendFrames(client: SendingClient, ...bodies: string[]) {
  const sent = [];
  const frames: PublishRequestFrame[] = [];
  for (const body of bodies) {
    sent.push(client.sender.send({ to, body }));
    await client.clock.advance(0);
    frames.push(...client.routers.last.takePublishes());
  }
  return { sent, frames };
}

/** Sequence and bodies of each batch. */
function numbered(frames: readonly PublishRequestFrame[]): [number, ...string[]][] {
  return frames.flatMap(({ batches }) =>
    batches.map((batch): [number, ...string[]] => [batch.header.sequence, ...textsOf(batch)]),
  );
}

function producerOf(frame: PublishRequestFrame | undefined): string {
  return Buffer.from(frame!.batches[0]!.header.producerId).toString("hex");
}

/** Acknowledges what goes out again within a time, in milliseconds; returns that, numbered. */
async function storeAgain(client: SendingClient, ms = 0) {
  await client.clock.advance(ms);
  const again = client.routers.last.takePublishes();
  for (const frame of again) client.routers.last.answer(frame);
  return numbered(again);
}

describe("a lost stream", () => {
  test("what was unanswered goes out again, in order, under the same numbers", async () => {
    const client = sendingClient();
    const { sent, frames } = await sendFrames(client, "1", "2");
    client.routers.last.break();
    await client.clock.advance(100);
    expect(client.routers.calls).toHaveLength(2);
    const again = client.routers.last.takePublishes();
    expect(numbered(again)).toEqual([
      [1, "1"],
      [2, "2"],
    ]);
    expect(producerOf(again[0])).toBe(producerOf(frames[0]));
    for (const frame of again) client.routers.last.answer(frame);
    await Promise.all(sent);
    expect(client.statuses.map(({ kind }) => kind)).toEqual(["disconnected", "connected"]);
  });

  test("what was sent meanwhile follows behind", async () => {
    const client = sendingClient();
    const { frames } = await sendFrames(client, "1", "2", "3");
    expect(numbered(frames)).toHaveLength(2);
    client.routers.last.break();
    void client.sender.send({ to, body: "4" });
    await client.clock.advance(100);
    expect(textsOfFrames(client.routers.last.takePublishes())).toEqual(["1", "2", "3", "4"]);
  });

  test("the next attempt goes to the next router, later and later", async () => {
    const client = sendingClient({}, ["router-a", "router-b"]);
    client.sender.send({ to, body: "x" }).catch(() => {});
    for (let attempt = 0; attempt < 6; attempt++) {
      await client.clock.advance(0);
      client.routers.last.break();
      await client.clock.advance(5_000);
    }
    expect(client.routers.calls.map(({ router }) => router.at(-1)).join("")).toMatch(/^(ab)+a?$/);
    const pauses = client.statuses.flatMap((status) => (status.kind === "disconnected" ? [status.retryInMs] : []));
    expect(pauses.length).toBeGreaterThan(4);
    for (const [failures, pauseMs] of pauses.entries()) expect(pauseMs).toBeLessThanOrEqual(50 * 2 ** failures);
  });

  test("a router that will never take it is not asked again for what it was sent", async () => {
    const client = sendingClient();
    const { sent } = await sendFrames(client, "1");
    client.routers.last.finish(new ChappeError("UNAUTHENTICATED", "who are you?"));
    await expect(sent[0]).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  });

  test("its connection is not used again, though others may still hold it", async () => {
    const client = sendingClient();
    client.pool.lease();
    await sendFrames(client, "1");
    client.routers.last.break();
    await client.clock.advance(100);
    expect(client.routers.channels).toHaveLength(2);
    expect(client.routers.channels[0]!.isClosed).toBe(false);
  });

  test("an idle client that lost its stream does not wait when there is something to send again", async () => {
    const client = sendingClient();
    const { frames } = await sendFrames(client, "1");
    client.routers.last.answer(frames[0]!);
    client.routers.last.break();
    await sendFrames(client, "2");
    expect(client.routers.calls).toHaveLength(2);
  });

  test("an idle client does not reconnect until there is something to send", async () => {
    const client = sendingClient();
    const { sent, frames } = await sendFrames(client, "1");
    client.routers.last.answer(frames[0]!);
    await sent[0];
    client.routers.last.break();
    await client.clock.advance(60_000);
    expect(client.routers.calls).toHaveLength(1);
    await sendFrames(client, "2");
    expect(client.routers.calls).toHaveLength(2);
  });
});

describe("a gap", () => {
  test("batches go out again from where the router says", async () => {
    const client = sendingClient();
    const { sent, frames } = await sendFrames(client, "1", "2");
    client.routers.last.answer(frames[1]!, () => gap(1));
    expect(await storeAgain(client)).toEqual([
      [1, "1"],
      [2, "2"],
    ]);
    await Promise.all(sent);
  });

  test("acknowledged batches that the store has lost go out again, in order: the tail is healed", async () => {
    const client = sendingClient();
    const first = await sendFrames(client, "1", "2");
    for (const frame of first.frames) client.routers.last.answer(frame);
    await Promise.all(first.sent);
    const { sent, frames } = await sendFrames(client, "3");
    client.routers.last.answer(frames[0]!, () => gap(2));
    expect(await storeAgain(client)).toEqual([
      [2, "2"],
      [3, "3"],
    ]);
    await Promise.all(sent);
    expect(client.statuses).toContainEqual({ kind: "healed", address: "receiver:receiver-01", batches: 1 });
  });

  test("when more is lost than is kept, all that is kept goes out under a new producer id", async () => {
    const client = sendingClient();
    const first = await sendFrames(client, "1");
    client.routers.last.answer(first.frames[0]!);
    await first.sent[0];
    // Too long ago to be kept.
    await client.clock.advance(10_000);
    const second = await sendFrames(client, "2");
    client.routers.last.answer(second.frames[0]!);
    const third = await sendFrames(client, "3");
    client.routers.last.answer(third.frames[0]!, () => gap(1));
    await client.clock.advance(0);
    const again = client.routers.last.takePublishes();
    expect(numbered(again)).toEqual([
      [1, "2"],
      [2, "3"],
    ]);
    expect(producerOf(again[0])).not.toBe(producerOf(first.frames[0]));
  });

  test("acknowledged batches are kept over an outage, however long", async () => {
    const client = sendingClient();
    const first = await sendFrames(client, "1");
    client.routers.last.answer(first.frames[0]!);
    await client.clock.advance(1_000);
    const second = await sendFrames(client, "2");
    client.routers.last.answer(second.frames[0]!, () => unavailable);
    await client.clock.advance(10_000);
    const again = client.routers.last.takePublishes();
    client.routers.last.answer(again.at(-1)!, () => gap(1));
    await client.clock.advance(2_000);
    expect(textsOfFrames(client.routers.last.takePublishes())).toEqual(["1", "2"]);
  });

  test("a router that expects what was never sent gets what is unanswered under a new producer id", async () => {
    const client = sendingClient();
    const { sent, frames } = await sendFrames(client, "1");
    client.routers.last.answer(frames[0]!, () => gap(99));
    await client.clock.advance(0);
    const again = client.routers.last.takePublishes();
    expect(numbered(again)).toEqual([[1, "1"]]);
    expect(producerOf(again[0])).not.toBe(producerOf(frames[0]));
    client.routers.last.answer(again[0]!);
    await sent[0];
  });

  test("a gap that does not go away is not answered in haste", async () => {
    const client = sendingClient();
    client.sender.send({ to, body: "1" }).catch(() => {});
    let frames = 0;
    for (let turn = 0; turn < 100; turn++) {
      await client.clock.advance(1);
      for (const frame of client.routers.last.takePublishes()) {
        frames++;
        client.routers.last.answer(frame, () => gap(99));
      }
    }
    expect(frames).toBeGreaterThan(2);
    expect(frames).toBeLessThan(6);
  });
});

describe("an error of one batch", () => {
  test("that may pass is tried again after a pause, with all that follows, in order", async () => {
    const client = sendingClient();
    const { sent, frames } = await sendFrames(client, "1", "2");
    client.routers.last.answer(frames[0]!, () => unavailable);
    client.routers.last.answer(frames[1]!, () => unavailable);
    expect(await storeAgain(client, 50)).toEqual([
      [1, "1"],
      [2, "2"],
    ]);
    await Promise.all(sent);
  });

  test("that may pass is told once, until its address takes something again", async () => {
    const client = sendingClient();
    const { frames } = await sendFrames(client, "1", "2");
    for (const frame of frames) client.routers.last.answer(frame, () => unavailable);
    for (let attempt = 0; attempt < 3; attempt++) {
      await client.clock.advance(1_000);
      for (const frame of client.routers.last.takePublishes()) client.routers.last.answer(frame, () => unavailable);
    }
    const told = () => client.statuses.filter(({ kind }) => kind === "retrying");
    expect(told()).toMatchObject([{ address: "receiver:receiver-01", error: { code: "UNAVAILABLE" } }]);
    await client.clock.advance(5_000);
    for (const frame of client.routers.last.takePublishes()) client.routers.last.answer(frame);
    const next = await sendFrames(client, "3");
    client.routers.last.answer(next.frames[0]!, () => unavailable);
    expect(told()).toHaveLength(2);
  });

  test("that may pass is told, too, when it comes after a gap", async () => {
    const client = sendingClient();
    const { frames } = await sendFrames(client, "1");
    client.routers.last.answer(frames[0]!, () => gap(99));
    await client.clock.advance(0);
    for (const frame of client.routers.last.takePublishes()) client.routers.last.answer(frame, () => unavailable);
    const told = client.statuses.filter(({ kind }) => kind === "retrying");
    expect(told).toMatchObject([{ address: "receiver:receiver-01", error: { code: "UNAVAILABLE" } }]);
  });

  test("and lets nothing of its address pass meanwhile", async () => {
    const client = sendingClient();
    const { frames } = await sendFrames(client, "1", "2");
    void client.sender.send({ to, body: "3" });
    client.routers.last.answer(frames[0]!, () => unavailable);
    client.routers.last.answer(frames[1]!, () => unavailable);
    await client.clock.advance(10);
    expect(client.routers.last.takePublishes()).toEqual([]);
    await client.clock.advance(40);
    expect(textsOfFrames(client.routers.last.takePublishes())).toEqual(["1", "2", "3"]);
  });

  test("and holds up no other address", async () => {
    const client = sendingClient();
    const { frames } = await sendFrames(client, "1");
    client.routers.last.answer(frames[0]!, () => unavailable);
    void client.sender.send({ to: "receiver-02", body: "other" });
    await client.clock.advance(0);
    expect(textsOfFrames(client.routers.last.takePublishes())).toContain("other");
  });

  test("that will not pass rejects its sends alone; those behind it go out under a new producer id", async () => {
    const client = sendingClient();
    const { sent, frames } = await sendFrames(client, "1", "2");
    const failed = errorOf(sent[0]!);
    client.routers.last.answer(frames[0]!, () => refused);
    expect(await failed).toMatchObject({ code: "UNIMPLEMENTED" });
    client.routers.last.answer(frames[1]!, () => gap(1));
    await client.clock.advance(0);
    const again = client.routers.last.takePublishes();
    expect(numbered(again)).toEqual([[1, "2"]]);
    expect(producerOf(again[0])).not.toBe(producerOf(frames[0]));
    for (const frame of again) client.routers.last.answer(frame);
    await Promise.all(sent.slice(1));
  });

  test("that says no more than an earlier attempt's is ignored", async () => {
    const client = sendingClient();
    const { sent, frames } = await sendFrames(client, "1", "2");
    client.routers.last.answer(frames[0]!, () => unavailable);
    await client.clock.advance(50);
    const again = client.routers.last.takePublishes();
    expect(numbered(again)).toHaveLength(2);
    // The answer to the second batch's first attempt comes after its second attempt has gone out.
    client.routers.last.answer(frames[1]!, () => gap(1));
    await client.clock.advance(50);
    expect(client.routers.last.takePublishes()).toEqual([]);
    for (const frame of again) client.routers.last.answer(frame);
    await Promise.all(sent);
  });
});

describe("a router that wants to go", () => {
  test("answers what is in flight; the rest goes to another, which is connected by then", async () => {
    const client = sendingClient({}, ["router-a", "router-b"]);
    const { sent, frames } = await sendFrames(client, "1");
    client.routers.last.answer(frames[0]!);
    const next = await sendFrames(client, "2");
    const [a] = client.routers.calls;
    client.routers.channels[0]!.leave();
    await client.clock.advance(0);
    expect(client.routers.last.router).toBe("router-b");
    const third = client.sender.send({ to, body: "3" });
    await client.clock.advance(0);
    expect(client.routers.last.takePublishes()).toEqual([]);
    a!.answer(next.frames[0]!);
    await client.clock.advance(0);
    expect(a!.state).toBe("half-closed");
    const [frame] = client.routers.last.takePublishes();
    expect(textsOfFrames([frame!])).toEqual(["3"]);
    client.routers.last.answer(frame!);
    await Promise.all([...sent, ...next.sent, third]);
    a!.finish();
    expect(client.routers.channels[0]!.isClosed).toBe(true);
  });

  test("is given up when it does not answer what is in flight", async () => {
    const client = sendingClient({ sendTimeoutMs: 1_000 }, ["router-a", "router-b"]);
    const { frames } = await sendFrames(client, "1");
    client.routers.last.answer(frames[0]!);
    await sendFrames(client, "2");
    client.routers.channels[0]!.leave();
    await client.clock.advance(700);
    expect(client.routers.calls[0]!.state).toBe("cancelled");
    expect(textsOfFrames(client.routers.last.takePublishes())).toEqual(["2"]);
  });

  test("leaves nothing behind when it breaks instead", async () => {
    const client = sendingClient({}, ["router-a", "router-b"]);
    const { frames } = await sendFrames(client, "1");
    client.routers.last.answer(frames[0]!);
    await sendFrames(client, "2");
    client.routers.channels[0]!.leave();
    client.routers.calls[0]!.break();
    await client.clock.advance(0);
    expect(textsOfFrames(client.routers.last.takePublishes())).toEqual(["2"]);
  });
});
