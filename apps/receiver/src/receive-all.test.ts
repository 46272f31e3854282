import { describe, expect, test } from "vitest";
import { type Receiving, type Releasable, receiveAll } from "./receive-all.ts";

interface Numbered extends Releasable {
  readonly number: number;
}

/** Receives 1, 2, 3, … with what a test wants to differ. `handled` and `released` fill as it goes. */
function receive(length: number, options: Partial<Receiving<Numbered>> = {}) {
  const handled: number[] = [];
  const released: number[] = [];
  let stopped = false;
  async function* messages(): AsyncGenerator<Numbered> {
    for (let number = 1; number <= length && !stopped; number++) {
      yield { number, release: async () => void released.push(number) };
    }
  }
  const ended = receiveAll({
    messages: messages(),
    concurrency: 1,
    stop: () => (stopped = true),
    ...options,
    handle: async (message) => {
      await options.handle?.(message);
      handled.push(message.number);
    },
  });
  return { ended, handled, released };
}

describe("receiving", () => {
  test("handles each message, in order, and gives back none", async () => {
    const { ended, handled, released } = receive(3);
    expect(await ended).toEqual({ kind: "done" });
    expect([handled, released]).toEqual([[1, 2, 3], []]);
  });

  test("takes no more than it was asked for", async () => {
    const { ended, handled, released } = receive(10, { count: 4, concurrency: 3 });
    await ended;
    expect([handled, released]).toEqual([[1, 2, 3, 4], []]);
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
    const { ended, handled, released } = receive(100, {
      handle: async ({ number }) => {
        if (number === 3) throw error;
      },
    });
    expect(await ended).toEqual({ kind: "failed", error });
    expect(handled).toEqual([1, 2]);
    expect(released[0]).toBe(3);
    expect(handled.length + released.length).toBeLessThan(6);
  });
});
