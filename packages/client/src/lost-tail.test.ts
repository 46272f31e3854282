import { encodePublishResponse, firstMessageId, type FrameReceipt, type PublishRequestFrame } from "@chappe/message";
import { describe, expect, test } from "vitest";
import { errorOf } from "./fixtures/error-of.ts";
import { gap, refused, unavailable } from "./fixtures/frame-errors.ts";
import { type SendingClient, sendingClient } from "./fixtures/sending-client.ts";
import { interrupt, sendAndStore, sendAndStoreTo, takeSent } from "./fixtures/store-losses.ts";
import { textsOf, textsOfFrames } from "./fixtures/texts-of.ts";

const to = "receiver-01";
const healed = (batches: number) => ({ kind: "healed", address: "receiver:receiver-01", batches });
/** Answers every batch of these frames with a receipt that says this. */
function answerAll(client: SendingClient, frames: readonly PublishRequestFrame[], says: Partial<FrameReceipt>): void {
  const receipt: FrameReceipt = { durability: "accepted", duplicate: false, epoch: "epoch-1", ...says };
  for (const { number, batches } of frames) {
    const results = batches.map((_, index) => ({ number, index, receipt }));
    client.routers.last.receive(encodePublishResponse({ results }));
  }
}

/** Of each batch: its place among the producer ids that are seen here, its sequence, its bodies. */
function numbered(frames: readonly PublishRequestFrame[]): [number, number, ...string[]][] {
  const ids: string[] = [];
  return frames.flatMap(({ batches }) =>
    batches.map((batch): [number, number, ...string[]] => {
      const id = Buffer.from(batch.header.producerId).toString("hex");
      if (!ids.includes(id)) ids.push(id);
      return [ids.indexOf(id), batch.header.sequence, ...textsOf(batch)];
    }),
  );
}

function idsOf(frames: readonly PublishRequestFrame[]): string[] {
  return frames.flatMap(({ batches }) => batches.map(firstMessageId));
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
    answerAll(client, frames, { duplicate: true });
    expect(textsOfFrames(await takeSent(client, 1_000))).toEqual([]);
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
    expect(textsOfFrames(await interrupt(client))).toEqual([]);
  });
});

/** Sends a body that is refused for good, and another, which goes out under a new producer id. Returns its frames. */
async function goOnAfterRefusal(client: SendingClient, expected: number, body: string): Promise<PublishRequestFrame[]> {
  client.sender.send({ to, body: "refused" }).catch(() => {});
  for (const frame of await takeSent(client)) client.routers.last.answer(frame, () => refused);
  void client.sender.send({ to, body });
  for (const frame of await takeSent(client)) client.routers.last.answer(frame, () => gap(expected));
  return takeSent(client);
}

describe("a sender that was refused a batch for good, and goes on under a new producer id", () => {
  test("asks for all that it keeps under the one before, too, in order and ahead of what it sent since", async () => {
    const client = sendingClient();
    await sendAndStore(client, "1", "2");
    answerAll(client, await goOnAfterRefusal(client, 3, "4"), {});
    const asked = await interrupt(client);
    expect(numbered(asked)).toEqual([
      [0, 1, "1"],
      [0, 2, "2"],
      [1, 1, "4"],
    ]);
    answerAll(client, asked, { duplicate: true });
    expect(textsOfFrames(await takeSent(client, 1_000))).toEqual([]);
    expect(client.statuses).not.toContainEqual(expect.objectContaining({ kind: "healed" }));
  });

  test("heals what was lost under the one before, flagged, and says so", async () => {
    const client = sendingClient();
    await sendAndStore(client, "1", "2");
    answerAll(client, await goOnAfterRefusal(client, 3, "4"), { duplicate: true });
    const [asked] = await interrupt(client);
    expect(flags([asked!])).toEqual([true, true, true]);
    const { number } = asked!;
    const receipt = { durability: "accepted", epoch: "epoch-1" } as const;
    const results = [true, false, false].map((duplicate, index) => ({
      number,
      index,
      receipt: { ...receipt, duplicate },
    }));
    client.routers.last.receive(encodePublishResponse({ results }));
    expect(client.statuses.filter(({ kind }) => kind === "healed")).toEqual([healed(1), healed(1)]);
  });

  test("asks for it when a gap under the new one says that something was lost", async () => {
    const client = sendingClient();
    await sendAndStore(client, "1", "2");
    answerAll(client, await goOnAfterRefusal(client, 3, "4"), {});
    void client.sender.send({ to, body: "5" });
    for (const frame of await takeSent(client)) client.routers.last.answer(frame, () => gap(1));
    expect(textsOfFrames(await takeSent(client))).toEqual(["1", "2", "4", "5"]);
  });

  test("asks for nothing when the gap is that of the refusal", async () => {
    const client = sendingClient();
    await sendAndStore(client, "1", "2");
    expect(textsOfFrames(await goOnAfterRefusal(client, 3, "4"))).toEqual(["4"]);
  });

  test("asks for it when a receipt tells of a new epoch", async () => {
    const client = sendingClient();
    await sendAndStore(client, "1", "2");
    answerAll(client, await goOnAfterRefusal(client, 3, "4"), { epoch: "epoch-2" });
    expect(textsOfFrames(await takeSent(client))).toEqual(["1", "2"]);
  });

  test("sends it under a third id, in its place, when more is missing under the one before than is kept", async () => {
    const client = sendingClient();
    await sendAndStore(client, "1");
    await client.clock.advance(6_000);
    await sendAndStore(client, "2", "3");
    answerAll(client, await goOnAfterRefusal(client, 4, "5"), {});
    const [asked] = await interrupt(client);
    expect(textsOfFrames([asked!])).toEqual(["2", "3", "5"]);
    client.routers.last.answer(asked!, (index) => (index < 2 ? gap(1) : undefined));
    const again = await takeSent(client);
    expect(numbered(again)).toEqual([
      [0, 1, "2"],
      [0, 2, "3"],
    ]);
    for (const frame of again) client.routers.last.answer(frame);
    expect(numbered(await interrupt(client))).toEqual([
      [0, 1, "2"],
      [0, 2, "3"],
      [1, 1, "5"],
    ]);
  });

  test("asks for what is kept under every one before, oldest first", async () => {
    const client = sendingClient();
    await sendAndStore(client, "1");
    answerAll(client, await goOnAfterRefusal(client, 2, "2"), {});
    answerAll(client, await goOnAfterRefusal(client, 2, "3"), {});
    expect(numbered(await interrupt(client))).toEqual([
      [0, 1, "1"],
      [1, 1, "2"],
      [2, 1, "3"],
    ]);
  });

  test("keeps it no longer than anything else", async () => {
    const client = sendingClient();
    await sendAndStore(client, "1");
    answerAll(client, await goOnAfterRefusal(client, 2, "2"), {});
    await client.clock.advance(6_000);
    expect(textsOfFrames(await interrupt(client))).toEqual([]);
    expect(client.sender.isIdle).toBe(true);
    await sendAndStore(client, "3");
    expect(textsOfFrames(await interrupt(client))).toEqual(["3"]);
  });
});

test("a duplicate for its deduplication id is healed under the id that its receipt named", async () => {
  const client = sendingClient();
  const sent = client.sender.send({ to, body: "1", id: "second", deduplicationId: "d" });
  answerAll(client, await takeSent(client), { duplicate: true, originalId: "first" });
  expect((await sent).id).toBe("first");
  // Told so again, and of what else was stored for it meanwhile.
  answerAll(client, await interrupt(client), { duplicate: true, originalId: "first" });
  const asked = await interrupt(client);
  expect(idsOf(asked)).toEqual(["first"]);
  answerAll(client, asked, { duplicate: true, originalId: "third" });
  expect(idsOf(await interrupt(client))).toEqual(["third"]);
});

test("a sender that comes to another router asks for every address, for nobody told it of the store meanwhile", async () => {
  const client = sendingClient();
  await sendAndStoreTo(client, "receiver-02", "other");
  await sendAndStore(client, "1");
  client.routers.last.break();
  void client.sender.send({ to, body: "2" });
  expect(textsOfFrames(await takeSent(client, 100)).toSorted()).toEqual(["2", "other"]);
});

test("so does one whose router wanted to go, when that has answered what was in flight", async () => {
  const client = sendingClient({}, ["router-a", "router-b"]);
  await sendAndStore(client, "1");
  const other = client.sender.send({ to: "receiver-02", body: "other" });
  const [frame] = await takeSent(client);
  const { last: leaving } = client.routers;
  client.routers.channels[0]!.leave();
  expect(await takeSent(client)).toEqual([]);
  leaving.answer(frame!);
  await other;
  expect(textsOfFrames(await takeSent(client)).toSorted()).toEqual(["1", "other"]);
});

test("a batch that a router will not have again is let go, and holds up nothing else", async () => {
  const client = sendingClient();
  await sendAndStoreTo(client, "receiver-02", "other");
  await sendAndStore(client, "1");
  const [asked] = await interrupt(client);
  client.routers.last.answer(asked!, (index) => (index === 0 ? refused : undefined));
  await client.clock.advance(6_000);
  expect(textsOfFrames(await interrupt(client))).toEqual([]);
});

test("what was acknowledged before a long silence of the store is kept until it is back, though it is lost from sight last", async () => {
  const client = sendingClient();
  await sendAndStore(client, "1");
  void client.sender.send({ to, body: "2" });
  const [frame] = await takeSent(client);
  await client.clock.advance(10_000);
  expect(textsOfFrames(await interrupt(client))).toEqual([]);
  client.routers.last.answer(frame!, () => gap(1));
  expect(textsOfFrames(await takeSent(client))).toEqual(["1", "2"]);
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
  expect(textsOfFrames(await interrupt(client))).toEqual([]);
  client.routers.last.answer(frame!, () => gap(1));
  const again = await takeSent(client);
  expect(textsOfFrames(again)).toEqual(["1", "2"]);
  // What was never answered by any store has not been handed out by one.
  expect(flags(again)).toEqual([true, false]);
  for (const each of again) client.routers.last.answer(each);
  await sent;
});

describe("a sender that was busy when the store was interrupted, and sends nothing more,", () => {
  test("asks when what it waited for is refused", async () => {
    const client = sendingClient();
    await sendAndStore(client, "1", "2");
    const rejected = errorOf(client.sender.send({ to, body: "3" }));
    const [busy] = await takeSent(client);
    expect(textsOfFrames(await interrupt(client))).toEqual([]);
    client.routers.last.answer(busy!, () => refused);
    expect(await rejected).toMatchObject({ code: "UNIMPLEMENTED" });
    const [asked] = await takeSent(client);
    expect(textsOfFrames([asked!])).toEqual(["2"]);
    client.routers.last.answer(asked!, () => gap(1));
    expect(textsOfFrames(await takeSent(client))).toEqual(["1", "2"]);
  });

  test("asks when its time is over", async () => {
    const client = sendingClient({ sendTimeoutMs: 10_000 });
    await sendAndStore(client, "1");
    const rejected = errorOf(client.sender.send({ to, body: "2" }));
    const frames = [...(await takeSent(client)), ...(await interrupt(client))];
    for (let second = 0; second < 11; second++) {
      // Another address is served meanwhile, which says nothing of this one.
      const other = client.sender.send({ to: "receiver-02", body: "other" });
      frames.push(...(await takeSent(client)));
      for (const frame of frames.splice(0)) {
        const isOther = (index: number) => frame.batches[index]!.header.address === "receiver:receiver-02";
        client.routers.last.answer(frame, (index) => (isOther(index) ? undefined : unavailable));
      }
      await other;
      frames.push(...(await takeSent(client, 1_000)));
    }
    expect(await rejected).toMatchObject({ code: "DEADLINE_EXCEEDED" });
    expect(textsOfFrames(frames).at(-1)).toBe("1");
  });

  test("asks nothing when the answer to a later send has shown meanwhile that nothing is missing", async () => {
    const client = sendingClient();
    await sendAndStore(client, "1");
    void client.sender.send({ to, body: "2" });
    const [busy] = await takeSent(client);
    expect(textsOfFrames(await interrupt(client))).toEqual([]);
    const stored = client.sender.send({ to, body: "3" });
    const [later] = await takeSent(client);
    client.routers.last.answer(busy!);
    const rejected = errorOf(client.sender.send({ to, body: "4" }));
    const [last] = await takeSent(client);
    client.routers.last.answer(later!);
    await stored;
    client.routers.last.answer(last!, () => refused);
    await rejected;
    expect(textsOfFrames(await takeSent(client, 1_000))).toEqual([]);
  });

  test("asks also when that is stored, for its receipt may be from before, held up by another node", async () => {
    const client = sendingClient();
    const sent = client.sender.send({ to, body: "1" });
    const [busy] = await takeSent(client);
    expect(textsOfFrames(await interrupt(client))).toEqual([]);
    client.routers.last.answer(busy!);
    await sent;
    const asked = await takeSent(client);
    expect(textsOfFrames(asked)).toEqual(["1"]);
    expect(flags(asked)).toEqual([true]);
    for (const frame of asked) client.routers.last.answer(frame);
    expect(client.statuses).toContainEqual(healed(1));
    expect(textsOfFrames(await takeSent(client, 1_000))).toEqual([]);
  });
});

test("what was under way behind a batch whose answer was lost is flagged, too: it may have been handed out", async () => {
  const client = sendingClient();
  void client.sender.send({ to, body: "1" });
  const [first] = await takeSent(client);
  void client.sender.send({ to, body: "2" });
  expect(flags(await takeSent(client))).toEqual([false]);
  void client.sender.send({ to, body: "3" });
  client.routers.last.answer(first!, () => unavailable);
  const again = await takeSent(client, 100);
  expect(textsOfFrames(again)).toEqual(["1", "2", "3"]);
  // The third had not gone out.
  expect(flags(again)).toEqual([true, true, false]);
});

test("what was under way behind a batch that is refused for now is not flagged: it left a gap", async () => {
  const client = sendingClient();
  void client.sender.send({ to, body: "1" });
  const [first] = await takeSent(client);
  void client.sender.send({ to, body: "2" });
  const [second] = await takeSent(client);
  client.routers.last.answer(first!, () => ({ code: "RESOURCE_EXHAUSTED", message: "full", retryable: true }));
  client.routers.last.answer(second!, () => gap(1));
  const again = await takeSent(client, 100);
  expect(textsOfFrames(again)).toEqual(["1", "2"]);
  expect(flags(again)).toEqual([false, false]);
});

test("what broke off unanswered is flagged when it goes out again: it may have been handed out", async () => {
  const client = sendingClient();
  const sent: Promise<unknown>[] = [];
  for (const body of ["1", "2"]) {
    sent.push(client.sender.send({ to, body }));
    expect(flags(await takeSent(client))).toEqual([false]);
  }
  client.routers.last.break();
  const again = await takeSent(client, 100);
  expect(textsOfFrames(again)).toEqual(["1", "2"]);
  expect(flags(again)).toEqual([true, true]);
  for (const frame of again) client.routers.last.answer(frame);
  await Promise.all(sent);
});
