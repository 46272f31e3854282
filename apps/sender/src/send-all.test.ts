import { ChappeError } from "@chappe/message";
import { describe, expect, test } from "vitest";
import { openLoop, unpaced } from "./pace.ts";
import { type Sending, type SentMessage, sendAll } from "./send-all.ts";
import { Tally } from "./tally.ts";

/** 1, 2, 3, … in groups. */
async function* numbers(count: number, groupSize = 10): AsyncGenerator<number[]> {
  for (let sent = 0; sent < count; sent += groupSize) {
    yield Array.from({ length: Math.min(groupSize, count - sent) }, (_, index) => sent + index + 1);
  }
}

const safe = (number: number): SentMessage => ({ id: String(number), duplicate: false });

/** Sends `count` numbers with `send`, and what else a test wants to differ. */
function run(count: number, send: (number: number) => Promise<SentMessage>, options: Partial<Sending<number>> = {}) {
  const tally = new Tally();
  const stop = new AbortController();
  const ended = sendAll({ groups: numbers(count), send, pace: unpaced(), tally, stop, ...options });
  return { ended, tally, stop };
}

describe("sending all messages", () => {
  test("sends each once, in order, and waits for every receipt", async () => {
    const sent: number[] = [];
    const { ended, tally } = run(1234, async (number) => {
      sent.push(number);
      return safe(number);
    });
    expect(await ended).toEqual({ kind: "done" });
    expect(sent).toEqual(Array.from({ length: 1234 }, (_, index) => index + 1));
    expect([tally.sent, tally.receipts]).toEqual([1234, 1234]);
  });

  test("keeps no more messages under way than it may", async () => {
    let underWay = 0;
    let most = 0;
    const { ended } = run(
      500,
      async (number) => {
        underWay += 1;
        most = Math.max(most, underWay);
        await new Promise((resolve) => setImmediate(resolve));
        underWay -= 1;
        return safe(number);
      },
      { maxUnderWay: 7 },
    );
    await ended;
    expect(most).toBe(7);
  });

  test("stops at the first message that fails, and tells which and why", async () => {
    const { ended, tally } = run(
      1000,
      async (number) => {
        if (number >= 42) throw new ChappeError("INVALID_ARGUMENT", `no ${number}`);
        return safe(number);
      },
      { maxUnderWay: 10 },
    );
    const end = await ended;
    expect(end).toMatchObject({ kind: "failed", message: 42, error: { message: "no 42" } });
    expect(tally.receipts).toBe(41);
    expect(tally.sent).toBeLessThan(60);
  });

  test("does not wait for its next message when one has failed", async () => {
    const stop = new AbortController();
    async function* idle(): AsyncGenerator<number[]> {
      yield [1];
      await new Promise((_, reject) => stop.signal.addEventListener("abort", () => reject(new Error("closed"))));
    }
    const send = () => Promise.reject(new ChappeError("DEADLINE_EXCEEDED", "too late"));
    const { ended } = run(0, send, { groups: idle(), stop });
    expect(await ended).toMatchObject({ kind: "failed", message: 1, error: { code: "DEADLINE_EXCEEDED" } });
  });

  test("tells when the messages themselves cannot be made", async () => {
    async function* broken(): AsyncGenerator<number[]> {
      yield [1];
      throw new ChappeError("NOT_FOUND", "cannot read x.png");
    }
    const { ended, tally } = run(0, async (number) => safe(number), { groups: broken() });
    expect(await ended).toMatchObject({ kind: "failed", message: undefined, error: { code: "NOT_FOUND" } });
    expect(tally.receipts).toBe(1);
  });

  test("when stopped, waits for what is under way and takes nothing more", async () => {
    const answers: (() => void)[] = [];
    const { ended, tally, stop } = run(
      10,
      (number) => new Promise((resolve) => answers.push(() => resolve(safe(number)))),
      { pace: openLoop(0.01) },
    );
    await expect.poll(() => answers.length).toBe(1);
    stop.abort();
    answers[0]!();
    expect(await ended).toEqual({ kind: "stopped" });
    expect([tally.sent, tally.receipts]).toEqual([1, 1]);
  });
});
