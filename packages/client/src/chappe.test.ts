import { waitFor } from "@chappe/testing";
import { describe, expect, test } from "vitest";
import { connect } from "./connect.ts";
import type { ConnectOptions } from "./connect-options.ts";
import { errorOf } from "./fixtures/error-of.ts";
import { startTestRouters, type TestRouters } from "./fixtures/test-routers.ts";
import { Reject } from "./reject.ts";
import type { Status } from "./status.ts";

function client(routers: TestRouters, options: Partial<ConnectOptions> = {}) {
  const statuses: Status[] = [];
  const chappe = connect({ routers: routers.addresses, onStatus: (status) => statuses.push(status), ...options });
  return { chappe, statuses };
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

describe("with a router", () => {
  test("a message reaches its receiver, with all that was said about it", async () => {
    await using routers = await startTestRouters();
    await using chappe = client(routers).chappe;
    const receipt = await chappe.sender("sender-01").send({
      to: "receiver-01",
      body: { hello: "world" },
      type: "greeting",
      correlationId: "c-1",
      replyTo: "receiver:sender-01",
      attributes: { color: "red" },
      orderingKey: "k",
    });
    for await (const message of chappe.receiver("receiver-01")) {
      expect(message).toMatchObject({
        id: receipt.id,
        type: "greeting",
        sender: "sender-01",
        address: "receiver:receiver-01",
        contentType: "application/json",
        correlationId: "c-1",
        replyTo: "receiver:sender-01",
        attributes: { color: "red" },
        orderingKey: "k",
        attempt: 1,
        redelivered: false,
      });
      expect(message.json()).toEqual({ hello: "world" });
      await message.ack();
      break;
    }
  });

  test("every subscription of a topic gets each message, and the consumers of one share them", async () => {
    await using routers = await startTestRouters();
    await using chappe = client(routers).chappe;
    const billing: string[] = [];
    const shipping: string[] = [];
    const take = (texts: string[]) => (message: { text(): string }) => texts.push(message.text());
    await chappe.subscribe("orders", { subscription: "billing" }, take(billing));
    await chappe.subscribe("orders", { subscription: "billing" }, take(billing));
    await chappe.subscribe("orders", { subscription: "shipping", concurrency: 4 }, take(shipping));
    const sender = chappe.sender("shop");
    await Promise.all(numbers(200).map((n) => sender.publish({ topic: "orders", body: `${n}` })));
    await waitFor(() => billing.length === 200 && shipping.length === 200);
    const all = numbers(200).map(String).toSorted();
    expect(billing.toSorted()).toEqual(all);
    expect(shipping.toSorted()).toEqual(all);
  });

  test("twenty thousand messages arrive once, in order", async () => {
    await using routers = await startTestRouters();
    await using chappe = client(routers).chappe;
    const got: number[] = [];
    await chappe.receive("receiver-01", (message) => got.push(message.json<number>()));
    const receipts = await chappe.sender("s").sendAll(numbers(20_000).map((body) => ({ to: "receiver-01", body })));
    expect(new Set(receipts.map(({ id }) => id)).size).toBe(20_000);
    await waitFor(() => got.length === 20_000);
    expect(got).toEqual(numbers(20_000));
  });

  test("a failed message comes again with its attempt counted, a rejected one does not", async () => {
    await using routers = await startTestRouters();
    await using chappe = client(routers).chappe;
    const attempts: [string, number][] = [];
    await chappe.receive("receiver-01", (message) => {
      attempts.push([message.text(), message.attempt]);
      if (message.text() === "bad") throw new Reject("never");
      if (message.attempt < 3) throw new Error("not yet");
    });
    const sender = chappe.sender("s");
    await Promise.all(["good", "bad"].map((body) => sender.send({ to: "receiver-01", body })));
    await waitFor(() => attempts.length === 4);
    expect(attempts.filter(([text]) => text === "good")).toEqual([
      ["good", 1],
      ["good", 2],
      ["good", 3],
    ]);
    expect(attempts.filter(([text]) => text === "bad")).toEqual([["bad", 1]]);
  });

  test("a deduplication id that another program has used names the message that is stored", async () => {
    await using routers = await startTestRouters();
    await using first = client(routers).chappe;
    await using second = client(routers).chappe;
    const message = { to: "receiver-01", body: "order 7", deduplicationId: "order 7" };
    const stored = await first.sender("shop").send({ ...message, id: "first" });
    const again = await second.sender("shop").send({ ...message, id: "second" });
    expect([stored.id, stored.duplicate]).toEqual(["first", false]);
    expect([again.id, again.duplicate, again.epoch]).toEqual(["first", true, stored.epoch]);
    const [one, two] = await second.sender("shop").sendAll([message, { ...message, deduplicationId: "order 8" }]);
    expect([one?.id, one?.duplicate, two?.duplicate]).toEqual(["first", true, false]);
  });

  test("a message past its time reaches nobody", async () => {
    await using routers = await startTestRouters();
    await using chappe = client(routers).chappe;
    const sender = chappe.sender("s");
    await sender.send({ to: "receiver-01", body: "late", ttlMs: 1 });
    const storedMs = Date.now();
    await waitFor(() => Date.now() > storedMs + 1);
    await sender.send({ to: "receiver-01", body: "in time", ttlMs: 60_000 });
    const got: string[] = [];
    await chappe.receive("receiver-01", (message) => got.push(message.text()));
    await waitFor(() => got.length > 0);
    expect(got).toEqual(["in time"]);
  });

  test("a delayed message comes at its time, unless it is taken back", async () => {
    await using routers = await startTestRouters(2);
    await using chappe = client(routers).chappe;
    const sender = chappe.sender("s");
    const deliverAt = new Date(Date.now() + 300);
    const delayed = ["1", "2", "3"].map((body) => ({ to: "receiver-01", body, deliverAt }));
    const [first, second] = await sender.sendAll(delayed);
    const named = await sender.publish({ topic: "orders", body: "4", deliverAt, id: "reminder 4" });
    const got: [string, number][] = [];
    await chappe.receive("receiver-01", (message) => got.push([message.text(), Date.now()]));
    expect([first?.address, named.address]).toEqual(["receiver:receiver-01", "topic:orders"]);
    expect(await sender.cancel(second!)).toBe(true);
    expect(await sender.cancel(second!)).toBe(false);
    expect(await chappe.sender("other").cancel(first!)).toBe(false);
    expect(await sender.cancel({ topic: "orders", id: "reminder 4" })).toBe(true);
    await waitFor(() => got.length === 2);
    expect(got.map(([text]) => text)).toEqual(["1", "3"]);
    for (const [, atMs] of got) expect(atMs).toBeGreaterThanOrEqual(deliverAt.getTime());
    expect(await sender.cancel(first!)).toBe(false);
  });

  test("what the router refuses rejects its own send only", async () => {
    await using routers = await startTestRouters();
    await using chappe = client(routers).chappe;
    const sender = chappe.sender("s");
    const refused = errorOf(sender.send({ to: "receiver-01", body: "later", deliverAt: 1e15 }));
    const fine = [sender.send({ to: "receiver-01", body: "1" }), sender.send({ to: "receiver-01", body: "2" })];
    await Promise.all(fine);
    expect(await refused).toMatchObject({ code: "INVALID_ARGUMENT", message: expect.stringContaining("deliver_at") });
    await sender.send({ to: "receiver-01", body: "3" });
  });

  test("sendAll tells which message failed, and sends the others", async () => {
    await using routers = await startTestRouters();
    await using chappe = client(routers, { maxMessageBytes: 5 }).chappe;
    const messages = ["a", "too long", "b"].map((body) => ({ to: "receiver-01", body }));
    expect(await errorOf(chappe.sender("s").sendAll(messages))).toMatchObject({
      code: "INVALID_ARGUMENT",
      message: expect.stringMatching(/1 of 3 messages failed; messages\[1\]: body has 8 bytes/),
    });
    const got: string[] = [];
    await chappe.receive("receiver-01", (message) => got.push(message.text()));
    await waitFor(() => got.length === 2);
    expect(got).toEqual(["a", "b"]);
  });

  test("a consumer that leaves gives back what it has not settled, uncounted", async () => {
    await using routers = await startTestRouters();
    await using chappe = client(routers).chappe;
    await chappe.sender("s").send({ to: "receiver-01", body: "x" });
    for await (const _ of chappe.receiver("receiver-01")) break;
    for await (const message of chappe.receiver("receiver-01")) {
      expect(message.attempt).toBe(1);
      await message.ack();
      break;
    }
  });

  test("handlers may send while the client closes, and that is flushed", async () => {
    await using routers = await startTestRouters();
    const { chappe } = client(routers);
    const started = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    await chappe.receive("receiver-01", async (message) => {
      started.resolve();
      await gate.promise;
      await chappe.sender("receiver-01").send({ to: "receiver-02", body: `re: ${message.text()}` });
    });
    await chappe.sender("s").send({ to: "receiver-01", body: "x" });
    await started.promise;
    const closed = chappe.close();
    gate.resolve();
    await closed;
    await using other = client(routers).chappe;
    for await (const message of other.receiver("receiver-02")) {
      expect(message.text()).toBe("re: x");
      await message.ack();
      break;
    }
  });

  test("a closed client refuses everything", async () => {
    await using routers = await startTestRouters();
    const { chappe } = client(routers);
    await chappe.close();
    await chappe.close();
    const code = "CANCELLED";
    expect(await errorOf(chappe.sender("s").send({ to: "r", body: "x" }))).toMatchObject({ code });
    expect(await errorOf(chappe.receive("r", () => {}))).toMatchObject({ code });
    expect(() => chappe.receiver("r")[Symbol.asyncIterator]()).toThrow(/closed/);
  });
});

describe("when routers come and go", () => {
  test("a router that stops moves its clients to another; nothing is lost, doubled or out of order", async () => {
    await using routers = await startTestRouters(2);
    const { chappe: receiving, statuses } = client(routers);
    const { chappe: sending } = client(routers);
    const got: number[] = [];
    await receiving.receive("receiver-01", { concurrency: 1 }, async (message) => {
      got.push(message.json<number>());
    });
    const sender = sending.sender("s");
    const count = 3_000;
    let next = 0;
    const sent = Promise.all(
      numbers(20).map(async () => {
        while (next < count) await sender.send({ to: "receiver-01", body: next++ });
      }),
    );
    await waitFor(() => got.length > 300);
    await routers.running[0]!.router.drain();
    await sent;
    await waitFor(() => new Set(got).size === count, { deadlineMs: 10_000 });
    expect(got.toSorted((a, b) => a - b)).toEqual(numbers(count));
    expect(statuses.some(({ kind }) => kind === "refused")).toBe(false);
    await Promise.all([receiving.close(), sending.close()]);
  });

  test("a client waits for a router that is not there yet", async () => {
    await using routers = await startTestRouters();
    const { port } = routers.running[0]!.router;
    await routers.running[0]!.router.close();
    const { chappe, statuses } = client(routers);
    const sent = chappe.sender("s").send({ to: "receiver-01", body: "x" });
    const got: string[] = [];
    const handling = chappe.receive("receiver-01", (message) => got.push(message.text()));
    await waitFor(() => statuses.filter(({ kind }) => kind === "disconnected").length > 3);
    await routers.start({ listen: `127.0.0.1:${port}` });
    await sent;
    await handling;
    await waitFor(() => got.length === 1);
    await chappe.close();
  });

  test("a router that is killed costs no message", async () => {
    await using routers = await startTestRouters(2);
    const { chappe } = client(routers);
    const got = new Set<number>();
    for (const _ of [1, 2]) await chappe.receive("receiver-01", (message) => got.add(message.json<number>()));
    const sender = chappe.sender("s");
    const count = 2_000;
    let next = 0;
    const sent = Promise.all(
      numbers(10).map(async () => {
        while (next < count) await sender.send({ to: "receiver-01", body: next++ });
      }),
    );
    await waitFor(() => got.size > 200);
    await routers.running[0]!.router.close();
    await sent;
    await waitFor(() => got.size === count, { deadlineMs: 10_000 });
    await chappe.close();
  });
});
