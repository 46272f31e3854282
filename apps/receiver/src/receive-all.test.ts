import { describe, expect, test } from "vitest";
import { type Receiving, type Settleable, receiveAll } from "./receive-all.ts";

interface Numbered extends Settleable {
  readonly number: number;
}

/** A queue of 1, 2, 3, …, the outcomes its messages were given, and receiving from it with what a test wants to differ. */
function receive(length: number, options: Partial<Receiving<Numbered>> & Pick<Receiving<Numbered>, "handle">) {
  const acked: number[] = [];
  const released: number[] = [];
  let stopped = false;
  async function* messages(): AsyncGenerator<Numbered> {
    for (let number = 1; number <= length && !stopped; number++) {
      const settle = (outcomes: number[]) => async () => void outcomes.push(number);
      yield { number, ack: settle(acked), release: settle(released) };
    }
  }
  const stop = () => (stopped = true);
  const ended = receiveAll({ messages: messages(), concurrency: 1, stop, ...options });
  return { ended, acked, released };
}

describe("receiving", () => {
  test("acknowledges each message after it is handled", async () => {
    const log: string[] = [];
    const { ended, acked } = receive(3, {
      handle: async ({ number }) => void log.push(`${number} after ${acked.join()}`),
    });
    expect(await ended).toEqual({ kind: "done" });
    expect(log).toEqual(["1 after ", "2 after 1", "3 after 1,2"]);
    expect(acked).toEqual([1, 2, 3]);
  });

  test("takes no more than it was asked for", async () => {
    const { ended, acked, released } = receive(10, { handle: async () => {}, count: 4, concurrency: 3 });
    await ended;
    expect([acked, released]).toEqual([[1, 2, 3, 4], []]);
  });

  test("handles so many at a time, and no more", async () => {
    let underWay = 0;
    let most = 0;
    const { ended } = receive(20, {
      concurrency: 4,
      handle: async () => {
        most = Math.max(most, ++underWay);
        await new Promise((resolve) => setImmediate(resolve));
        underWay -= 1;
      },
    });
    await ended;
    expect(most).toBe(4);
  });

  test("stops at what cannot be handled, and gives it back with what came along", async () => {
    const error = new Error("disk full");
    const { ended, acked, released } = receive(100, {
      handle: async ({ number }) => {
        if (number === 3) throw error;
      },
    });
    expect(await ended).toEqual({ kind: "failed", error });
    expect(acked).toEqual([1, 2]);
    expect(released[0]).toBe(3);
    expect(acked.length + released.length).toBeLessThan(6);
  });
});
