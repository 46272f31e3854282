import { ChappeError } from "@chappe/message";
import { describe, expect, test } from "vitest";
import { errorOf } from "./fixtures/error-of.ts";
import { sendingClient } from "./fixtures/sending-client.ts";

const YES = Buffer.from([8, 1]);
const NO = Buffer.alloc(0);
const MESSAGE = { to: "receiver-01", id: "reminder 7" };

const unavailable = () => Promise.reject(new ChappeError("UNAVAILABLE", "away"));

describe("cancel", () => {
  test("resolves with whether the message was still waiting", async () => {
    const { sender, routers } = sendingClient();
    const asked: string[] = [];
    routers.onAsk = async (_, request) => {
      asked.push(request.toString("latin1"));
      return asked.length === 1 ? YES : NO;
    };
    expect(await sender.cancel(MESSAGE)).toBe(true);
    expect(await sender.cancel({ topic: "orders", id: "a" })).toBe(false);
    expect(asked).toEqual(['\n\tsender-01\x12\vreceiver-01"\nreminder 7', '\n\tsender-01\x1a\x06orders"\x01a']);
  });

  test("tries again, with another router, until one answers", async () => {
    const { sender, routers, clock } = sendingClient({}, ["router-a", "router-b"]);
    const asked: string[] = [];
    routers.onAsk = (router) => {
      asked.push(router);
      return asked.length < 3 ? unavailable() : Promise.resolve(YES);
    };
    const cancelled = sender.cancel(MESSAGE);
    await clock.advance(1_000);
    expect(await cancelled).toBe(true);
    expect(asked).toEqual(["router-a", "router-b", "router-a"]);
    expect(clock.pendingTimers).toBe(0);
  });

  test("gives up at once what another attempt would not change", async () => {
    const { sender, routers } = sendingClient();
    routers.onAsk = () => Promise.reject(new ChappeError("UNIMPLEMENTED", "no"));
    expect(await errorOf(sender.cancel(MESSAGE))).toMatchObject({ code: "UNIMPLEMENTED" });
  });

  test("gives up when its time is over", async () => {
    const { sender, routers, clock } = sendingClient({ sendTimeoutMs: 1_000 });
    routers.onAsk = unavailable;
    const failed = errorOf(sender.cancel(MESSAGE));
    await clock.advance(2_000);
    expect(await failed).toMatchObject({ code: "UNAVAILABLE", message: "away" });
    expect(clock.pendingTimers).toBe(0);
  });

  test("ends with the client, and leaves no timer", async () => {
    const { sender, canceller, routers, clock } = sendingClient();
    routers.onAsk = unavailable;
    const failed = errorOf(sender.cancel(MESSAGE));
    await clock.advance(0);
    canceller.close();
    expect(await failed).toMatchObject({ code: "CANCELLED" });
    expect(await errorOf(sender.cancel(MESSAGE))).toMatchObject({ code: "CANCELLED" });
    expect(clock.pendingTimers).toBe(0);
  });

  test.each([
    [{ to: "a b", id: "x" }, /" " at position 1/],
    [{ to: "a", id: "" }, /id is empty/],
    [{ topic: "t", id: "x".repeat(201) }, /id/],
  ])("refuses %o", async (message, text) => {
    const { sender } = sendingClient();
    expect(await errorOf(sender.cancel(message))).toMatchObject({
      code: "INVALID_ARGUMENT",
      message: expect.stringMatching(text),
    });
  });
});
