import { readdirSync, statSync, truncateSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Chappe, connect, GapDetector, type Status } from "@chappe/client";
import { type RedisFixture, waitFor } from "@chappe/testing";
import { describe, expect, test } from "vitest";
import { type ChappeStack, startChappe } from "./chappe-stack.ts";

/** The append-only file that grows. */
function appendOnlyFile({ socketPath }: RedisFixture): string {
  const folder = join(dirname(socketPath!), "appendonlydir");
  const name = readdirSync(folder).find((each) => each.endsWith(".incr.aof"));
  return join(folder, name!);
}

/** Kills Redis, cuts its file to a length that it once had, and starts it again: a power loss with `everysec`. */
async function loseTail(redis: RedisFixture, bytes: number): Promise<void> {
  const file = appendOnlyFile(redis);
  await redis.kill();
  truncateSync(file, bytes);
  await redis.restart();
}

/** A client that notes what comes: body and whether it is flagged. */
function client(chappe: ChappeStack) {
  const statuses: Status[] = [];
  const received: [string, boolean][] = [];
  const chappeClient = connect({ routers: [chappe.router.address], onStatus: (status) => statuses.push(status) });
  return {
    statuses,
    received,
    sender: chappeClient.sender("sender-01"),
    texts: () => received.map(([text]) => text),
    async receive() {
      await chappeClient.subscribe("events", { subscription: "all" }, (message) => {
        received.push([message.text(), message.attempt > 1 || message.redelivered]);
      });
    },
    [Symbol.asyncDispose]: () => chappeClient.close(),
  };
}

describe.skipIf(process.env["REDIS_URL"])("what Redis acknowledged and lost is sent again", { timeout: 40_000 }, () => {
  test("by a sender that is idle, in order; and what had been delivered before is flagged", async () => {
    await using chappe = await startChappe({ appendonly: "everysec" });
    await using it = client(chappe);
    await it.receive();
    const send = async (text: string) => it.sender.publish({ topic: "events", body: text });
    await send("1");
    await waitFor(() => it.received.length === 1);
    const bytes = statSync(appendOnlyFile(chappe.redis)).size;
    for (const text of ["2", "3", "4"]) await send(text);
    await waitFor(() => it.received.length === 4);
    await loseTail(chappe.redis, bytes);
    // The first comes again, too, when its ack was among what was lost.
    const again = () => it.received.slice(4).filter(([text]) => text !== "1");
    await waitFor(() => again().length === 3, { deadlineMs: 20_000 });
    expect(again()).toEqual([
      ["2", true],
      ["3", true],
      ["4", true],
    ]);
    expect(it.statuses.some(({ kind }) => kind === "healed")).toBe(true);
  });

  test("by a sender that was refused something for good meanwhile, in order", async () => {
    await using chappe = await startChappe({ appendonly: "everysec" });
    await using it = client(chappe);
    await it.receive();
    const send = async (text: string) => it.sender.publish({ topic: "events", body: text });
    // Of an id that waits for its time there is one: what comes under it as well is refused.
    const inAnHour = { topic: "events", id: "later", deliverAt: new Date(Date.now() + 3_600_000), body: "later" };
    await it.sender.publish(inAnHour);
    await send("1");
    await waitFor(() => it.received.length === 1);
    const bytes = statSync(appendOnlyFile(chappe.redis)).size;
    for (const text of ["2", "3"]) await send(text);
    await expect(it.sender.publish(inAnHour)).rejects.toMatchObject({ code: "ALREADY_EXISTS" });
    for (const text of ["4", "5"]) await send(text);
    await waitFor(() => it.received.length === 5);
    await loseTail(chappe.redis, bytes);
    const again = () => it.received.slice(5).filter(([text]) => text !== "1");
    await waitFor(() => again().length === 4, { deadlineMs: 20_000 });
    expect(again()).toEqual(["2", "3", "4", "5"].map((text) => [text, true]));
  });

  test("by a sender that goes on sending, in order", async () => {
    await using chappe = await startChappe({ appendonly: "everysec" });
    await using it = client(chappe);
    const send = (text: string) => it.sender.publish({ topic: "events", body: text });
    await it.receive();
    await send("1");
    const bytes = statSync(appendOnlyFile(chappe.redis)).size;
    for (const text of ["2", "3", "4"]) await send(text);
    const losing = loseTail(chappe.redis, bytes);
    const sent = Promise.all(["5", "6", "7"].map(send));
    await losing;
    await sent;
    await waitFor(() => it.texts().includes("7"), { deadlineMs: 20_000 });
    const last = it.texts().lastIndexOf("2");
    // The first comes again, at any time, when its ack was among what was lost.
    const again = it
      .texts()
      .slice(last)
      .filter((text) => text !== "1");
    expect(again).toEqual(["2", "3", "4", "5", "6", "7"]);
  });
});

test.skipIf(process.env["REDIS_URL"])(
  "a Redis that comes back empty is told to the receiver, and counted",
  async () => {
    await using chappe = await startChappe();
    await using it = client(chappe);
    await it.receive();
    await it.sender.publish({ topic: "events", body: "1" });
    await waitFor(() => it.received.length === 1);
    await chappe.redis.kill();
    await chappe.redis.restart();
    const counted = async () => {
      const metrics = await fetch(`${chappe.router.url}/metrics`);
      return /^chappe_epoch_changes_total 1$/m.test(await metrics.text());
    };
    await waitFor(counted, { deadlineMs: 20_000, describe: "chappe_epoch_changes_total 1" });
    // The sender, which asks for what it has sent, and the receiver.
    const told = () => it.statuses.filter(({ kind }) => kind === "epochChanged").length === 2;
    await waitFor(told, { deadlineMs: 20_000, describe: "epochChanged, for both" });
    await it.sender.publish({ topic: "events", body: "2" });
    await waitFor(() => it.texts().includes("2"));
  },
);

test("a receiver sees which batches have passed it by", async () => {
  await using chappe = await startChappe();
  await using chappeClient = closing(connect({ routers: [chappe.router.address] }));
  const sender = chappeClient.client.sender("sender-01");
  const receiver = "receiver-01";
  const gaps = new GapDetector();
  const read = async (): Promise<string> => {
    for await (const message of chappeClient.client.receiver(receiver)) {
      gaps.note(message);
      await message.ack();
      return message.text();
    }
    throw new Error("the receiver has ended");
  };
  await sender.send({ to: receiver, body: "1" });
  expect(await read()).toBe("1");
  await sender.send({ to: receiver, body: "soon past its time", ttlMs: 1 });
  await sender.send({ to: receiver, body: "3" });
  const sentMs = Date.now();
  await waitFor(() => Date.now() > sentMs + 5);
  expect(await read()).toBe("3");
  expect(gaps.open()).toEqual([expect.objectContaining({ sender: "sender-01", first: 2, last: 2 })]);
});

function closing(chappe: Chappe) {
  return { client: chappe, [Symbol.asyncDispose]: () => chappe.close() };
}
