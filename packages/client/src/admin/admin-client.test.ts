import { createBroker, createMemoryBackend } from "@chappe/broker";
import { startAdminRouter, startRouter } from "@chappe/router";
import { waitFor } from "@chappe/testing";
import { describe, expect, test } from "vitest";
import { connect, Reject } from "../index.ts";
import { connectAdmin } from "./index.ts";

async function start() {
  await using opening = new AsyncDisposableStack();
  const store = createMemoryBackend().connect();
  const broker = createBroker({ store });
  opening.defer(() => broker.close({ deadlineMs: 0 }));
  const router = opening.use(await startRouter({ broker, listen: "127.0.0.1:0" }));
  const serving = opening.use(await startAdminRouter({ store, broker, listen: "127.0.0.1:0" }));
  const chappe = opening.use(connect({ routers: [router.address] }));
  const admin = opening.use(connectAdmin({ router: serving.address }));
  const open = opening.move();
  return { chappe, admin, store, [Symbol.asyncDispose]: () => open[Symbol.asyncDispose]() };
}

const QUEUE = { address: "receiver:receiver-01" };

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe("an operator's client", () => {
  test("sees what waits, lets die nothing, and puts back what died", async () => {
    await using fixture = await start();
    const { chappe, admin } = fixture;
    const sender = chappe.sender("sender-01");
    await sender.send({ to: "receiver-01", body: { order: 7 }, type: "order.created", attributes: { colour: "red" } });
    expect(await admin.peek(QUEUE, { maxBodyBytes: 100 })).toMatchObject([
      {
        state: "waiting",
        attempt: 1,
        type: "order.created",
        sender: "sender-01",
        attributes: { colour: "red" },
        body: Buffer.from('{"order":7}'),
        time: expect.any(Date),
        since: expect.any(Date),
      },
    ]);

    let fixed = false;
    const handled: number[] = [];
    await chappe.receive("receiver-01", async (message) => {
      if (!fixed) throw new Reject("no such order");
      handled.push(message.attempt);
    });
    const [letter] = await waitFor(async () => {
      const letters = await all(admin.deadLetters(QUEUE, { reason: "such" }));
      return letters.length > 0 ? letters : undefined;
    });
    expect(letter).toMatchObject({ reason: "no such order", attempts: 1, message: { type: "order.created" } });
    expect((await admin.deadLetter(QUEUE, letter!.id)).message.body).toEqual(Buffer.from('{"order":7}'));

    fixed = true;
    expect(await admin.redrive(QUEUE)).toBe(1);
    await waitFor(() => handled.length === 1);
    expect(handled).toEqual([1]);
    const { subscriptions } = await waitFor(async () => {
      const state = await admin.address(QUEUE.address);
      return state.subscriptions[0]?.depthMessages === 0 ? state : undefined;
    });
    expect(subscriptions).toMatchObject([{ subscription: "", deadLetters: 0, ackedMessages: 1, deadMessages: 1 }]);
    expect(subscriptions[0]?.oldestAgeMs).toBeUndefined();
  });

  test("lists every address, however many pages they take", async () => {
    await using fixture = await start();
    const { chappe, admin } = fixture;
    const sender = chappe.sender("sender-01");
    const ids = Array.from({ length: 250 }, (_, index) => `r${index}`);
    await Promise.all(ids.map((to) => sender.send({ to, body: "hello" })));
    const addresses = (await all(admin.addresses("receiver:"))).map(({ address }) => address);
    expect(addresses.toSorted()).toEqual(ids.map((id) => `receiver:${id}`).toSorted());
  });

  test("none named is none, not all", async () => {
    await using fixture = await start();
    const { admin } = fixture;
    expect(await admin.redrive(QUEUE, { ids: [] })).toBe(0);
    expect(await admin.purgeDeadLetters(QUEUE, { ids: [] })).toBe(0);
  });

  test("purges and deletes, and is told what forbids it", async () => {
    await using fixture = await start();
    const { chappe, admin } = fixture;
    await chappe.sender("sender-01").send({ to: "receiver-01", body: "hello" });
    await expect(admin.deleteAddress(QUEUE.address)).rejects.toMatchObject({
      code: "FAILED_PRECONDITION",
      message: expect.stringContaining("has messages"),
    });
    const deliverAt = new Date(Date.now() + 3_600_000);
    await chappe.sender("sender-01").send({ to: "receiver-01", body: "later", deliverAt });
    expect(await admin.purge(QUEUE)).toBe(1);
    expect(await admin.purgeDelayed(QUEUE.address)).toBe(1);
    await admin.deleteAddress(QUEUE.address);
    await expect(admin.address(QUEUE.address)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await chappe.sender("sender-01").publish({ topic: "orders", body: "hello" });
    const place = { address: "topic:orders", subscription: "billing" };
    await expect(admin.deleteSubscription(place)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await admin.deleteAddress("topic:orders", { force: true });
  });

  test("moves a topic's subscription, which gets its messages again", async () => {
    await using fixture = await start();
    const { chappe, admin } = fixture;
    const place = { address: "topic:orders", subscription: "billing" };
    await expect(admin.seek(place, "earliest")).rejects.toMatchObject({ code: "NOT_FOUND" });
    const handled: string[] = [];
    await chappe.subscribe("orders", { subscription: "billing" }, async (message) => void handled.push(message.id));
    const sender = chappe.sender("sender-01");
    const ids: string[] = [];
    for (const body of ["one", "two"]) ids.push((await sender.publish({ topic: "orders", body })).id);
    await waitFor(() => handled.length === 2);

    await admin.seek(place, { messageId: ids[1]! });
    await waitFor(() => handled.length === 3);
    await admin.seek(place, { timeMs: 1 });
    await waitFor(() => handled.length === 5);
    await admin.seek(place, "latest");
    await admin.seek(place, "earliest");
    await waitFor(() => handled.length === 7);
    expect(handled).toEqual([...ids, ids[1], ...ids, ...ids]);
    await expect(admin.seek(QUEUE, "earliest")).rejects.toMatchObject({ code: "FAILED_PRECONDITION" });
    await expect(admin.seek(place, "now" as never)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  test("a sender whose address was deleted goes on by itself", async () => {
    await using fixture = await start();
    const { chappe, admin } = fixture;
    const sender = chappe.sender("sender-01");
    for (let round = 0; round < 3; round++) await sender.send({ to: "receiver-01", body: `before ${round}` });
    await admin.deleteAddress(QUEUE.address, { force: true });
    await Promise.all([1, 2, 3].map((number) => sender.send({ to: "receiver-01", body: `after ${number}` })));
    const texts: string[] = [];
    for await (const message of chappe.receiver("receiver-01")) {
      texts.push(message.text());
      await message.ack();
      if (message.text() === "after 3") break;
    }
    expect(texts.filter((text) => text.startsWith("after"))).toEqual(["after 1", "after 2", "after 3"]);
  });

  test("refuses options that cannot be, and says when nobody answers", async () => {
    expect(() => connectAdmin({ routers: ["a"] } as never)).toThrow('unknown option "routers"');
    expect(() => connectAdmin({ timeoutMs: 0 })).toThrow("timeoutMs 0");
    using admin = connectAdmin({ router: "127.0.0.1:1", timeoutMs: 2_000 });
    await expect(admin.address("receiver:a")).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });
});
