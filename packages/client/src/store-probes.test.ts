import { ChappeError, type FrameError, type PublishRequestFrame } from "@chappe/message";
import { describe, expect, test } from "vitest";
import { gap, unavailable } from "./fixtures/frame-errors.ts";
import { type SendingClient, sendingClient } from "./fixtures/sending-client.ts";
import { interrupt, sendAndStore, sendAndStoreTo, takeSent } from "./fixtures/store-losses.ts";
import { textsOfFrames } from "./fixtures/texts-of.ts";

/** What a batch to an address is answered with; undefined: with a receipt. */
type Faults = Readonly<Record<string, FrameError>>;

function answerAll(client: SendingClient, frames: readonly PublishRequestFrame[], faults: Faults): void {
  for (const frame of frames) {
    client.routers.last.answer(frame, (index) => faults[frame.batches[index]!.header.address]);
  }
}

describe("what is kept while it is not known whether the store still has it", () => {
  test.each([
    [15, true],
    [25, false],
  ])(
    "goes after twice the send timeout of 10 s where an address always sends on and stores nothing: after %i s it is there: %s",
    async (seconds, isThere) => {
      const client = sendingClient({ sendTimeoutMs: 10_000 });
      const away = { "receiver:receiver-01": unavailable };
      const sendOn = () => void client.sender.send({ to: "receiver-01", body: "more" }).catch(() => {});
      await sendAndStore(client, "kept");
      sendOn();
      const busy = await takeSent(client);
      expect(await interrupt(client)).toEqual([]);
      answerAll(client, busy, away);
      for (let second = 0; second < seconds; second++) {
        sendOn();
        // Another address is served meanwhile.
        void client.sender.send({ to: "receiver-02", body: "other" }).catch(() => {});
        answerAll(client, await takeSent(client, 1_000), away);
      }
      answerAll(client, await takeSent(client, 2_000), { "receiver:receiver-01": gap(1) });
      expect(textsOfFrames(await takeSent(client, 2_000)).includes("kept")).toBe(isThere);
    },
  );

  test("has its time from the loss on that put it in doubt, though another address asks since an earlier one", async () => {
    const client = sendingClient({ sendTimeoutMs: 10_000 });
    const away = { "receiver:receiver-01": unavailable, "receiver:receiver-02": unavailable };
    await sendAndStore(client, "1");
    answerAll(client, await interrupt(client), away);
    for (let second = 0; second < 8; second++) answerAll(client, await takeSent(client, 1_000), away);
    await sendAndStoreTo(client, "receiver-02", "a");
    await sendAndStoreTo(client, "receiver-02", "b");
    const asked = await interrupt(client);
    expect(textsOfFrames(asked)).toEqual(["b"]);
    answerAll(client, asked, away);
    for (let second = 0; second < 6; second++) answerAll(client, await takeSent(client, 1_000), away);
    answerAll(client, await takeSent(client, 2_000), { ...away, "receiver:receiver-02": gap(1) });
    expect(textsOfFrames(await takeSent(client, 2_000))).toContain("a");
  });

  test("goes in its time when what was asked with is not kept any more, because there is no room for it", async () => {
    // Room for two batches.
    const client = sendingClient({ healing: { maxBytes: 3_000, maxAgeMs: 5_000 } });
    await sendAndStore(client, "1");
    expect(textsOfFrames(await interrupt(client))).toEqual(["1"]);
    await sendAndStoreTo(client, "receiver-02", "a");
    await sendAndStoreTo(client, "receiver-02", "b");
    await client.clock.advance(7_000);
    expect(textsOfFrames(await interrupt(client))).toEqual([]);
  });

  test("has its time from a second loss on, though its sender is busy since the first", async () => {
    const client = sendingClient({ sendTimeoutMs: 10_000 });
    const away = { "receiver:receiver-01": unavailable };
    await sendAndStore(client, "kept");
    const sendOn = () => void client.sender.send({ to: "receiver-01", body: "more" }).catch(() => {});
    sendOn();
    answerAll(client, await takeSent(client), away);
    expect(await interrupt(client)).toEqual([]);
    for (let second = 0; second < 25; second++) {
      sendOn();
      void client.sender.send({ to: "receiver-02", body: "other" }).catch(() => {});
      answerAll(client, await takeSent(client, 1_000), away);
      if (second === 15) answerAll(client, await interrupt(client), away);
    }
    answerAll(client, await takeSent(client, 2_000), { "receiver:receiver-01": gap(1) });
    expect(textsOfFrames(await takeSent(client, 2_000))).toContain("kept");
  });

  test("is asked for again when the answer may be from before a second loss, held up by another node", async () => {
    const client = sendingClient();
    await sendAndStore(client, "1");
    const [asked] = await interrupt(client);
    expect(await interrupt(client)).toEqual([]);
    client.routers.last.answer(asked!);
    const again = await takeSent(client);
    expect(textsOfFrames(again)).toEqual(["1"]);
    client.routers.last.answer(again[0]!);
    expect(await takeSent(client, 1_000)).toEqual([]);
  });

  test("stays when the stream on which it was asked for ends for good", async () => {
    const client = sendingClient({ sendTimeoutMs: 60_000 });
    await sendAndStore(client, "1");
    let asked = await interrupt(client);
    for (let second = 0; second < 15; second++) {
      void client.sender.send({ to: "receiver-02", body: "other" }).catch(() => {});
      answerAll(client, asked, { "receiver:receiver-01": unavailable });
      asked = await takeSent(client, 1_000);
    }
    while (!textsOfFrames(asked).includes("1")) asked = await takeSent(client, 1_000);
    client.routers.last.finish(new ChappeError("UNAUTHENTICATED", "who are you?"));
    await client.clock.advance(2_000);
    void client.sender.send({ to: "receiver-01", body: "2" });
    answerAll(client, await takeSent(client, 5_000), { "receiver:receiver-01": gap(1) });
    expect(textsOfFrames(await takeSent(client, 5_000))).toEqual(["1", "2"]);
  });
});
