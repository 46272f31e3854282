import { encodePublishResponse, type FrameError, type PublishRequestFrame } from "@chappe/message";
import { describe, expect, test } from "vitest";
import { type SendingClient, sendingClient } from "./fixtures/sending-client.ts";
import { textsOfFrames } from "./fixtures/texts-of.ts";

const to = "receiver-01";
const healed = (batches: number) => ({ kind: "healed", address: "receiver:receiver-01", batches });
const unavailable: FrameError = { code: "UNAVAILABLE", message: "redis is away", retryable: true };

function gap(expectedSequence: number): FrameError {
  return { code: "FAILED_PRECONDITION", message: "gap", retryable: false, expectedSequence };
}

/** Sends each body in a frame of its own, each of which is acknowledged. */
async function sendAndStore(client: SendingClient, ...bodies: string[]): Promise<void> {
  for (const body of bodies) {
    const sent = client.sender.send({ to, body });
    await client.clock.advance(0);
    for (const frame of client.routers.last.takePublishes()) client.routers.last.answer(frame);
    await sent;
  }
}

/** The router says that it has lost its store from sight; returns what goes out upon that. */
async function interrupt(client: SendingClient): Promise<PublishRequestFrame[]> {
  client.routers.last.receive(encodePublishResponse({ results: [], storeInterrupted: true }));
  return takeSent(client);
}

async function takeSent(client: SendingClient, ms = 0): Promise<PublishRequestFrame[]> {
  await client.clock.advance(ms);
  return client.routers.last.takePublishes();
}

function flags(frames: readonly PublishRequestFrame[]): boolean[] {
  return frames.flatMap(({ batches }) => batches.map(({ header }) => header.resent));
}

describe("a sender that is idle when the store was interrupted", () => {
  test("asks with the last batch of each producer, and no more while the store has it", async () => {
    const client = sendingClient();
    await sendAndStore(client, "1", "2");
    const frames = await interrupt(client);
    expect(textsOfFrames(frames)).toEqual(["2"]);
    const [frame] = frames;
    const receipt = { durability: "accepted", duplicate: true, epoch: "epoch-1" } as const;
    const results = [{ number: frame!.number, index: 0, receipt }];
    client.routers.last.receive(encodePublishResponse({ results }));
    expect(await takeSent(client, 1_000)).toEqual([]);
    expect(client.statuses).not.toContainEqual(expect.objectContaining({ kind: "healed" }));
  });

  test("sends again, in order and flagged, what the store has lost", async () => {
    const client = sendingClient();
    await sendAndStore(client, "1", "2", "3");
    for (const frame of await interrupt(client)) client.routers.last.answer(frame, () => gap(2));
    const again = await takeSent(client);
    expect(textsOfFrames(again)).toEqual(["2", "3"]);
    expect(flags(again)).toEqual([true, true]);
    for (const frame of again) client.routers.last.answer(frame);
    expect(client.statuses.filter(({ kind }) => kind === "healed")).toEqual([healed(1), healed(1)]);
  });

  test("says that it healed the last batch, where that alone was lost", async () => {
    const client = sendingClient();
    await sendAndStore(client, "1", "2");
    const frames = await interrupt(client);
    expect(flags(frames)).toEqual([true]);
    for (const frame of frames) client.routers.last.answer(frame);
    expect(client.statuses).toContainEqual(healed(1));
  });

  test("keeps what it has while the store is away, far beyond the age at which it lets go otherwise", async () => {
    const client = sendingClient();
    await sendAndStore(client, "1", "2", "3");
    for (const frame of await interrupt(client)) client.routers.last.answer(frame, () => unavailable);
    for (let second = 0; second < 20; second++) {
      for (const frame of await takeSent(client, 1_000)) client.routers.last.answer(frame, () => unavailable);
    }
    let frames = await takeSent(client, 2_000);
    for (const frame of frames) client.routers.last.answer(frame, () => gap(1));
    frames = await takeSent(client, 2_000);
    expect(textsOfFrames(frames)).toEqual(["1", "2", "3"]);
  });

  test("lets go of it after the send timeout", async () => {
    const client = sendingClient({ sendTimeoutMs: 10_000 });
    await sendAndStore(client, "1", "2");
    for (const frame of await interrupt(client)) client.routers.last.answer(frame, () => unavailable);
    for (let second = 0; second < 12; second++) {
      for (const frame of await takeSent(client, 1_000)) client.routers.last.answer(frame, () => unavailable);
    }
    expect(await takeSent(client, 5_000)).toEqual([]);
  });

  test("has nothing to ask about what was acknowledged too long ago", async () => {
    const client = sendingClient();
    await sendAndStore(client, "1");
    await client.clock.advance(6_000);
    expect(await interrupt(client)).toEqual([]);
  });
});

describe("what is sent again", () => {
  test("is kept until it is stored, though it grows old meanwhile and other addresses are acknowledged", async () => {
    const client = sendingClient();
    await sendAndStore(client, "1");
    const sent = client.sender.send({ to, body: "2" });
    for (const frame of await takeSent(client)) client.routers.last.answer(frame, () => gap(1));
    const healing = await takeSent(client);
    for (let second = 0; second < 8; second++) {
      const other = client.sender.send({ to: "receiver-02", body: "other" });
      for (const frame of await takeSent(client, 1_000)) client.routers.last.answer(frame);
      await other;
    }
    for (const frame of healing) client.routers.last.answer(frame, () => unavailable);
    const again = await takeSent(client, 2_000);
    expect(textsOfFrames(again)).toEqual(["1", "2"]);
    for (const frame of again) client.routers.last.answer(frame);
    await sent;
  });

  test("can be lost and sent again once more, as when it went to a primary that has just been replaced", async () => {
    const client = sendingClient();
    await sendAndStore(client, "1", "2");
    await client.clock.advance(4_000);
    for (const frame of await interrupt(client)) client.routers.last.answer(frame, () => gap(1));
    for (const frame of await takeSent(client)) client.routers.last.answer(frame);
    await client.clock.advance(4_000);
    for (const frame of await interrupt(client)) client.routers.last.answer(frame, () => gap(1));
    expect(textsOfFrames(await takeSent(client, 1_000))).toEqual(["1", "2"]);
  });
});

test("a sender that is busy asks nothing: its next answer shows what is missing", async () => {
  const client = sendingClient();
  await sendAndStore(client, "1");
  const sent = client.sender.send({ to, body: "2" });
  const [frame] = await takeSent(client);
  expect(await interrupt(client)).toEqual([]);
  client.routers.last.answer(frame!, () => gap(1));
  const again = await takeSent(client);
  expect(textsOfFrames(again)).toEqual(["1", "2"]);
  // What was never answered by any store has not been handed out by one.
  expect(flags(again)).toEqual([true, false]);
  for (const each of again) client.routers.last.answer(each);
  await sent;
});

test("what broke off unanswered is flagged when it goes out again: it may have been handed out", async () => {
  const client = sendingClient();
  const sent = client.sender.send({ to, body: "1" });
  expect(flags(await takeSent(client))).toEqual([false]);
  client.routers.last.break();
  const again = await takeSent(client, 100);
  expect(flags(again)).toEqual([true]);
  for (const frame of again) client.routers.last.answer(frame);
  await sent;
});
