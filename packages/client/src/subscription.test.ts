import { setImmediate as nextTurn } from "node:timers/promises";
import { ChappeError } from "@chappe/message";
import { waitFor } from "@chappe/testing";
import { describe, expect, test } from "vitest";
import { deliveryOf } from "./fixtures/deliveries.ts";
import { receivingClient } from "./fixtures/receiving-client.ts";
import { Subscription } from "./subscription.ts";
import { SubscriptionRun } from "./subscription-run.ts";

function subscribe() {
  const client = receivingClient();
  const subscription = new Subscription((onEnd) => new SubscriptionRun(client.options, client.parts, onEnd));
  /** Plays a router that lets everybody in, and ends what is half-closed. */
  const outcomes = () =>
    client.routers.last.takeSubscribes().flatMap((frame) => frame.outcomes.map(({ kind }) => kind));
  return { client, subscription, outcomes };
}

describe("a loop", () => {
  test("connects when it begins, and gets the messages in order", async () => {
    const { client, subscription } = subscribe();
    expect(client.routers.calls).toHaveLength(0);
    const texts: string[] = [];
    const looped = (async () => {
      for await (const message of subscription) {
        texts.push(message.text());
        void message.ack();
        if (texts.length === 3) break;
      }
    })();
    client.routers.last.letIn();
    client.routers.last.tell({ deliveries: [deliveryOf(1, ["a", "b"])] });
    await nextTurn();
    client.routers.last.tell({ deliveries: [deliveryOf(2, ["c", "d"])] });
    await waitFor(() => client.routers.last.state === "half-closed");
    client.routers.last.finish();
    await looped;
    expect(texts).toEqual(["a", "b", "c"]);
  });

  test("acks nothing by asking for the next message", async () => {
    const { client, subscription, outcomes } = subscribe();
    const iterator = subscription[Symbol.asyncIterator]();
    client.routers.last.letIn();
    client.routers.last.tell({ deliveries: [deliveryOf(1, ["a", "b", "c"])] });
    const [a] = [await iterator.next(), await iterator.next()];
    await nextTurn();
    expect(outcomes()).toEqual([]);
    void a!.value?.ack();
    await nextTurn();
    expect(outcomes()).toEqual(["ack"]);
  });

  test("gives back what has no outcome when it is left, and a new loop connects anew", async () => {
    const { client, subscription } = subscribe();
    const looped = (async () => {
      for await (const _ of subscription) break;
    })();
    client.routers.last.letIn();
    client.routers.last.tell({ deliveries: [deliveryOf(1, ["a", "b"])] });
    await waitFor(() => client.routers.last.state === "half-closed");
    client.routers.last.finish();
    await looped;
    expect(client.clock.pendingTimers).toBe(0);
    void subscription.ready();
    expect(client.routers.calls).toHaveLength(2);
  });

  test("shares the messages with others, each going to one of them", async () => {
    const { client, subscription } = subscribe();
    const texts: string[] = [];
    const loop = async () => {
      for await (const message of subscription) {
        texts.push(message.text());
        void message.ack();
        await nextTurn();
      }
    };
    const loops = [loop(), loop()];
    const call = client.routers.last;
    call.letIn();
    call.tell({ deliveries: [deliveryOf(1, ["a", "b", "c", "d"])] });
    await waitFor(() => texts.length === 4);
    expect(client.routers.calls).toHaveLength(1);
    const closed = subscription.close();
    await waitFor(() => call.state === "half-closed");
    call.finish();
    await Promise.all([closed, ...loops]);
    expect(texts.toSorted()).toEqual(["a", "b", "c", "d"]);
  });

  test("throws what no router will let it in for", async () => {
    const { client, subscription } = subscribe();
    const looped = (async () => {
      for await (const _ of subscription);
    })();
    client.routers.last.finish(new ChappeError("PERMISSION_DENIED", "not yours"));
    await expect(looped).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
  });
});

describe("closing a subscription", () => {
  test("lets a loop's body end and settle its message first, then ends the loop", async () => {
    const { client, subscription, outcomes } = subscribe();
    const gate = Promise.withResolvers<void>();
    const looped = (async () => {
      for await (const message of subscription) {
        await gate.promise;
        void message.ack();
      }
    })();
    const call = client.routers.last;
    call.letIn();
    call.tell({ deliveries: [deliveryOf(1, ["a", "b"])] });
    await nextTurn();
    const closed = subscription.close();
    await nextTurn();
    expect(call.state).toBe("open");
    gate.resolve();
    await waitFor(() => call.state === "half-closed");
    expect(outcomes()).toEqual(["ack"]);
    call.finish();
    await Promise.all([closed, looped]);
  });

  test("can be asked for within the loop, once its message has an outcome", async () => {
    const { client, subscription } = subscribe();
    const call = () => client.routers.last;
    const looped = (async () => {
      for await (const message of subscription) {
        void message.ack();
        await subscription.close();
      }
    })();
    call().letIn();
    call().tell({ deliveries: [deliveryOf(1, ["a", "b"])] });
    await waitFor(() => call().state === "half-closed");
    call().finish();
    await looped;
  });

  test("that never began does nothing", async () => {
    const { client, subscription } = subscribe();
    await subscription.close();
    expect(client.routers.calls).toHaveLength(0);
  });
});
