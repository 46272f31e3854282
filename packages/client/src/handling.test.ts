import { setImmediate as nextTurn } from "node:timers/promises";
import type { FrameOutcome } from "@chappe/message";
import { waitFor } from "@chappe/testing";
import { describe, expect, test } from "vitest";
import { deliveryOf } from "./fixtures/deliveries.ts";
import { type ReceivingClient, receivingClient } from "./fixtures/receiving-client.ts";
import type { MessageHandler } from "./handler-pool.ts";
import { Handling } from "./handling.ts";
import type { ReceivedMessage } from "./received-message.ts";
import { Reject } from "./reject.ts";

const HANDLER_TIMEOUT_MS = 1_000;

function handle(handler: MessageHandler, concurrency = 1, client: ReceivingClient = receivingClient()) {
  const pool = { concurrency, handlerTimeoutMs: HANDLER_TIMEOUT_MS };
  const handling = new Handling(handler, pool, client.options, client.parts, () => {});
  const call = client.routers.last;
  call.letIn();
  const outcomes = async (): Promise<FrameOutcome[]> => {
    // What nobody waits for has waited long enough then.
    await client.clock.advance(5);
    return call.takeSubscribes().flatMap((frame) => [...frame.outcomes]);
  };
  return { handling, call, outcomes, client };
}

/** A handler whose runs end when the test says so. */
function controlled() {
  const running: { readonly message: ReceivedMessage; readonly end: () => void }[] = [];
  const handler = (message: ReceivedMessage) =>
    new Promise<void>((resolve) => {
      running.push({ message, end: resolve });
    });
  return { running, handler };
}

describe("a handler", () => {
  test("that returns acks its message", async () => {
    const texts: string[] = [];
    const { call, outcomes } = handle((message) => texts.push(message.text()));
    call.tell({ deliveries: [deliveryOf(1, ["a", "b", "c"])] });
    expect(await outcomes()).toEqual([
      { delivery: 1, first: 0, count: 3, kind: "ack", delayMs: undefined, reason: undefined },
    ]);
    expect(texts).toEqual(["a", "b", "c"]);
  });

  test.each([
    [
      "throws",
      () => {
        throw new Error("no stock");
      },
      "no stock",
    ],
    ["rejects", () => Promise.reject(new Error("no stock")), "no stock"],
    [
      "throws what is no error",
      () => AbortSignal.abort(Object.create(null)).throwIfAborted(),
      "[Object: null prototype] {}",
    ],
  ])("that %s fails its message, with the reason", async (_, handler, reason) => {
    const { call, outcomes } = handle(handler);
    call.tell({ deliveries: [deliveryOf(1, ["a"])] });
    expect(await outcomes()).toMatchObject([{ first: 0, count: 1, kind: "fail", delayMs: undefined, reason }]);
  });

  test("that throws Reject sends its message to the dead letters", async () => {
    const { call, outcomes } = handle(() => {
      throw new Reject("not for us");
    });
    call.tell({ deliveries: [deliveryOf(1, ["a"])] });
    expect(await outcomes()).toMatchObject([{ kind: "reject", reason: "not for us" }]);
  });

  test("that says the outcome itself has said it", async () => {
    const { call, outcomes } = handle((message) => {
      void message.fail({ delayMs: 7 });
    });
    call.tell({ deliveries: [deliveryOf(1, ["a"])] });
    expect(await outcomes()).toMatchObject([{ kind: "fail", delayMs: 7 }]);
  });

  test("runs once at a time, in order, unless told otherwise", async () => {
    const { running, handler } = controlled();
    const { call } = handle(handler);
    call.tell({ deliveries: [deliveryOf(1, ["a", "b"])] });
    await nextTurn();
    expect(running.map(({ message }) => message.text())).toEqual(["a"]);
    running[0]!.end();
    await nextTurn();
    expect(running.map(({ message }) => message.text())).toEqual(["a", "b"]);
  });

  test("runs as many at a time as it is told, and no more", async () => {
    const { running, handler } = controlled();
    const { call, outcomes } = handle(handler, 3);
    call.tell({ deliveries: [deliveryOf(1, ["a", "b", "c", "d", "e"])] });
    await nextTurn();
    expect(running).toHaveLength(3);
    running[1]!.end();
    await nextTurn();
    expect(running.map(({ message }) => message.text())).toEqual(["a", "b", "c", "d"]);
    expect(await outcomes()).toMatchObject([{ first: 1, count: 1, kind: "ack" }]);
  });

  test("that hangs fails its message after its time, is told to stop, and holds up no other", async () => {
    const { running, handler } = controlled();
    const { call, outcomes, client } = handle(handler);
    call.tell({ deliveries: [deliveryOf(1, ["a", "b", "c"])] });
    await nextTurn();
    const { signal } = running[0]!.message;
    await client.clock.advance(HANDLER_TIMEOUT_MS - 1);
    expect(signal.aborted).toBe(false);
    await client.clock.advance(1);
    expect(signal.reason).toMatchObject({ code: "DEADLINE_EXCEEDED" });
    expect(running.map(({ message }) => message.text())).toEqual(["a", "b"]);
    expect(await outcomes()).toMatchObject([
      { first: 0, count: 1, kind: "fail", reason: "the handler was not done after 1000 ms (handlerTimeoutMs)" },
    ]);
    running[1]!.end();
    await nextTurn();
    // What the one that hung does now counts for nothing, and takes no message.
    running[0]!.end();
    await nextTurn();
    expect(running.map(({ message }) => message.text())).toEqual(["a", "b", "c"]);
    expect(await outcomes()).toMatchObject([{ first: 1, count: 1, kind: "ack" }]);
  });

  test("has its whole time for each message, whenever it begins", async () => {
    const { running, handler } = controlled();
    const { call, client } = handle(handler, 2);
    call.tell({ deliveries: [deliveryOf(1, ["a", "b", "c"])] });
    await client.clock.advance(HANDLER_TIMEOUT_MS / 2);
    running[0]!.end();
    await nextTurn();
    await client.clock.advance(HANDLER_TIMEOUT_MS / 2);
    expect(running.map(({ message }) => message.isOpen)).toEqual([false, false, true]);
    await client.clock.advance(HANDLER_TIMEOUT_MS / 2 - 1);
    expect(running[2]!.message.isOpen).toBe(true);
    await client.clock.advance(1);
    expect(running[2]!.message.isOpen).toBe(false);
  });

  test("that hangs keeps no timer once it was closed", async () => {
    const { running, handler } = controlled();
    const { handling, call, client } = handle(handler);
    call.tell({ deliveries: [deliveryOf(1, ["a"])] });
    await nextTurn();
    expect(running).toHaveLength(1);
    const closed = handling.close({ deadlineMs: 500 });
    await client.clock.advance(600);
    call.finish();
    await closed;
    expect(client.clock.pendingTimers).toBe(0);
  });

  test("that never waits lets the event loop turn all the same", async () => {
    let turns = 0;
    const turn = setInterval(() => turns++, 0);
    let handled = 0;
    const { call } = handle(() => {
      const untilMs = performance.now() + 3;
      while (performance.now() < untilMs);
      handled++;
    });
    call.tell({
      deliveries: [
        deliveryOf(
          1,
          Array.from({ length: 30 }, () => "x"),
        ),
      ],
    });
    await waitFor(() => handled === 30);
    clearInterval(turn);
    expect(turns).toBeGreaterThan(2);
  });
});

describe("acks", () => {
  test("of handlers that return wait a moment for each other, and ask for no answer", async () => {
    const { call, client } = handle(() => {});
    call.takeSubscribes();
    call.tell({ deliveries: [deliveryOf(1, ["a"])] });
    await nextTurn();
    call.tell({ deliveries: [deliveryOf(2, ["b"])] });
    await nextTurn();
    expect(call.takeSubscribes()).toEqual([]);
    await client.clock.advance(5);
    expect(call.takeSubscribes()).toMatchObject([
      {
        number: 0,
        outcomes: [
          { delivery: 1, kind: "ack" },
          { delivery: 2, kind: "ack" },
        ],
      },
    ]);
    expect(client.clock.pendingTimers).toBe(1);
  });

  test("that a handler gives itself, and others that wait already, go at once, and are answered", async () => {
    const { call } = handle((message) => {
      if (message.text() === "b") void message.ack();
    });
    call.takeSubscribes();
    call.tell({ deliveries: [deliveryOf(1, ["a", "b"])] });
    await nextTurn();
    expect(call.takeSubscribes()).toMatchObject([
      { number: 1, outcomes: [{ delivery: 1, first: 0, count: 2, kind: "ack" }] },
    ]);
  });

  test("do not wait when half of the credit is used up", async () => {
    const { call } = handle(() => {});
    call.takeSubscribes();
    call.tell({ deliveries: [deliveryOf(1, ["a", "b", "c", "d", "e"])] });
    await nextTurn();
    expect(call.takeSubscribes()).toMatchObject([{ credit: { messages: 5 }, outcomes: [{ count: 5 }] }]);
  });
});

describe("closing a handler", () => {
  test("waits for those that run, and gives back what has not begun", async () => {
    const { running, handler } = controlled();
    const { handling, call, outcomes, client } = handle(handler);
    call.tell({ deliveries: [deliveryOf(1, ["a", "b"])] });
    await nextTurn();
    const closed = handling.close();
    await nextTurn();
    expect(call.state).toBe("open");
    expect(running[0]!.message.signal.aborted).toBe(false);
    running[0]!.end();
    await waitFor(() => call.state === "half-closed");
    expect(await outcomes()).toMatchObject([{ first: 0, count: 1, kind: "ack" }]);
    call.finish();
    await closed;
    await handling.finished;
    expect(running).toHaveLength(1);
    expect(client.clock.pendingTimers).toBe(0);
  });

  test("tells them to stop at the deadline, and gives their messages back", async () => {
    const { running, handler } = controlled();
    const { handling, call, outcomes, client } = handle(handler);
    call.tell({ deliveries: [deliveryOf(1, ["a"])] });
    await nextTurn();
    const { signal } = running[0]!.message;
    const closed = handling.close({ deadlineMs: 500 });
    await client.clock.advance(600);
    expect(signal.aborted).toBe(true);
    expect(call.state).toBe("half-closed");
    expect(await outcomes()).toEqual([]);
    call.finish();
    await closed;
    running[0]!.end();
    await nextTurn();
    expect(client.clock.pendingTimers).toBe(0);
  });

  test("happens by itself at the end of `await using`", async () => {
    const client = receivingClient();
    {
      const { handling, call } = handle(() => {}, 1, client);
      await using _ = handling;
      setImmediate(() => call.finish());
    }
    expect(client.routers.channels[0]!.isClosed).toBe(true);
  });
});
