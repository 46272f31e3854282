import { describe, expect, test } from "vitest";
import { Consumer } from "./consumer.ts";
import { ACKED } from "./held-delivery.ts";
import { deliveryOf } from "./fixtures/deliveries.ts";
import type { FakeCall } from "./fixtures/fake-routers.ts";
import { type ReceivingClient, receivingClient } from "./fixtures/receiving-client.ts";

/** Two subscriptions of one program, each through a router of its own. */
function program() {
  const client = receivingClient({}, ["router-a", "router-b"]);
  const [one, other] = ["one", "other"].map(() => {
    const consumer = new Consumer(client.options, client.parts, { onMessages: () => {}, onEnd: () => {} });
    const call = client.routers.last;
    call.letIn();
    call.takeSubscribes();
    return { consumer, call };
  });
  return { client, one: one!, other: other! };
}

function deliver(call: FakeCall, number: number, body: string, suspect = true): void {
  call.tell({ deliveries: [deliveryOf(number, [body], { attempt: suspect ? 3 : 1, suspect })] });
}

/** What the consumer says it begins on. */
function begun(call: FakeCall): number[] {
  return call.takeSubscribes().flatMap(({ begun: numbers }) => [...numbers]);
}

/** The router answers that it knows, and whoever waits for that hears of it. */
async function answer(client: ReceivingClient, call: FakeCall, number = 1): Promise<void> {
  call.tell({ settled: [{ number, refused: [] }] });
  await client.clock.advance(0);
}

describe("a suspect", () => {
  test("is not to be had before the router knows that it is begun on, and every other message is", async () => {
    const { client, one } = program();
    deliver(one.call, 1, "suspect");
    deliver(one.call, 2, "other", false);
    expect(begun(one.call)).toEqual([1]);
    expect(one.consumer.take()?.text()).toBe("other");
    expect(one.consumer.take()).toBeUndefined();
    await answer(client, one.call);
    expect(one.consumer.take()?.text()).toBe("suspect");
  });

  test("is begun on when the router has the outcome of that of another subscription", async () => {
    const { client, one, other } = program();
    deliver(one.call, 1, "first");
    deliver(other.call, 1, "second");
    await answer(client, one.call);
    expect(begun(other.call)).toEqual([]);
    one.consumer.take()?.settleUnlessDone(ACKED);
    await client.clock.advance(0);
    expect(one.call.takeSubscribes().at(-1)).toMatchObject({ number: 2, outcomes: [{ delivery: 1, kind: "ack" }] });
    expect(begun(other.call)).toEqual([]);
    await answer(client, one.call, 2);
    expect(begun(other.call)).toEqual([1]);
    await answer(client, other.call);
    expect(other.consumer.take()?.text()).toBe("second");
  });

  test("is begun on when that of another subscription is lost with its stream, or taken back", () => {
    const { one, other } = program();
    deliver(one.call, 1, "first");
    deliver(other.call, 1, "second");
    deliver(one.call, 2, "third");
    one.call.break();
    expect(begun(other.call)).toEqual([1]);
    deliver(other.call, 2, "fourth");
    other.call.tell({ revoked: [1] });
    expect(begun(other.call)).toEqual([2]);
    expect(one.consumer.take()).toBeUndefined();
  });

  test("is begun on after 10 s at the latest, for a loop may gather messages before it settles any", async () => {
    const { client, one, other } = program();
    deliver(one.call, 1, "first");
    deliver(other.call, 1, "second");
    await client.clock.advance(9_999);
    expect(begun(other.call)).toEqual([]);
    await client.clock.advance(1);
    expect(begun(other.call)).toEqual([1]);
  });

  test("is not begun on when its consumer closes, keeps nobody waiting, and leaves no timer", async () => {
    const { client, one, other } = program();
    deliver(one.call, 1, "first");
    deliver(other.call, 1, "second");
    deliver(one.call, 2, "third");
    other.consumer.drain();
    one.call.tell({ revoked: [1] });
    expect(begun(other.call)).toEqual([]);
    await client.clock.advance(0);
    expect(begun(one.call)).toEqual([1, 2]);
    for (const { consumer, call } of [other, one]) {
      consumer.drain();
      const finished = consumer.finish();
      call.finish();
      await finished;
    }
    expect(client.clock.pendingTimers).toBe(0);
  });
});
