import { describe, expect, test } from "vitest";
import { Receiving, type ReceivingOptions, type Releasable } from "./receiving.ts";

interface Numbered extends Releasable {
  readonly number: number;
}

/** Receiving of 1, 2, 3, …, all at once, with what a test wants to differ; and what happened, in order. */
async function receive(length: number, options: Partial<ReceivingOptions<Numbered>>) {
  const log: string[] = [];
  const receiving = new Receiving<Numbered>({
    count: options.count,
    handle: async (message) => {
      await options.handle?.(message);
      log.push(`handled ${message.number}`);
    },
    stop: () => log.push("stop"),
  });
  const messages = Array.from({ length }, (_, index) => ({
    number: index + 1,
    release: async () => void log.push(`released ${index + 1}`),
  }));
  await Promise.all(messages.map((message) => receiving.take(message)));
  return { log, receiving };
}

describe("receiving", () => {
  test("handles each message", async () => {
    const { log, receiving } = await receive(3, {});
    expect(log).toEqual(["handled 1", "handled 2", "handled 3"]);
    expect(receiving.failure).toBeUndefined();
  });

  test("stops with the last message it was asked for, handles it, and gives back all others", async () => {
    const { log } = await receive(4, { count: 2 });
    expect(log.toSorted()).toEqual(["handled 1", "handled 2", "released 3", "released 4", "stop"]);
  });

  test("stops at what cannot be handled, gives it back, and keeps the first reason", async () => {
    const { log, receiving } = await receive(3, {
      handle: async ({ number }) => {
        if (number >= 2) throw new Error(`disk full at ${number}`);
      },
    });
    expect(log).toEqual(["handled 1", "released 2", "stop", "released 3"]);
    expect(receiving.failure).toEqual({ error: new Error("disk full at 2") });
  });
});
