import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { createBroker, createMemoryBackend, type MemoryBackendOptions, publishMessage } from "@chappe/broker";
import type { MessageInput } from "@chappe/message";
import { startAdminRouter, startRouter } from "@chappe/router";
import { waitFor } from "@chappe/testing";
import { describe, expect, test } from "vitest";
import { readCommandLine } from "./command-line.ts";
import { runChappe } from "./run-chappe.ts";

const IN_AN_HOUR = new Date(Date.now() + 3_600_000);

async function start(options: MemoryBackendOptions = {}) {
  await using opening = new AsyncDisposableStack();
  const store = createMemoryBackend(options).connect();
  const broker = createBroker({ store, expired: "drop" });
  opening.defer(() => broker.close({ deadlineMs: 0 }));
  const admin = opening.use(await startAdminRouter({ store, broker, listen: "127.0.0.1:0" }));
  const open = opening.move();
  return {
    broker,
    publish: (address: string, body: string, options: Pick<MessageInput, "ttlMs" | "deliverAt"> = {}) =>
      publishMessage(
        broker,
        { body, contentType: "text/plain", type: "greeting", ...options },
        { sender: "sender-01", address },
      ),
    chappe: (...argv: string[]) => run(["--router", admin.address, ...argv]),
    /** At a terminal, where somebody answers. */
    answer: (answer: string, ...argv: string[]) => run(["--router", admin.address, ...argv], answer),
    [Symbol.asyncDispose]: () => open[Symbol.asyncDispose](),
  };
}

async function run(argv: readonly string[], answer?: string) {
  const commandLine = readCommandLine(argv);
  if (commandLine.kind !== "run") throw new Error(commandLine.text);
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  if (answer !== undefined) {
    Object.assign(stdin, { isTTY: true });
    stdin.write(answer);
  }
  const code = await runChappe(commandLine.task, commandLine.flags, { stdin, stdout, stderr });
  stdout.end();
  stderr.end();
  return { code, stdout: await text(stdout), stderr: await text(stderr) };
}

describe("chappe", () => {
  test("lists addresses by name, a line for each subscription", async () => {
    await using fixture = await start();
    for (const address of ["topic:orders", "receiver:b", "receiver:a"]) await fixture.publish(address, "hello");
    await fixture.publish("receiver:a", "later", { deliverAt: IN_AN_HOUR });
    const { code, stdout } = await fixture.chappe("addresses", "--rate-ms", "50");
    expect(code).toBe(0);
    expect(stdout.split("\n").map((line) => line.replaceAll(/ {2,}/g, "|").replaceAll(/\d+ m?s/g, "…"))).toEqual([
      "ADDRESS|SUBSCRIPTION|DEPTH|OLDEST|DELAYED|IN/S|ACKED/S|HELD|RETRIES|DEAD|ROUTERS",
      "receiver:a|-|1|…|1|0|0|0|0|0|0",
      "receiver:b|-|1|…|0|0|0|0|0|0|0",
      "topic:orders|-|-|-|0|0|-|-|-|-|-",
      "",
    ]);
  });

  test("in JSON, everything is one document", async () => {
    await using fixture = await start();
    await fixture.publish("receiver:a", "hello");
    const json = async (...argv: string[]) => JSON.parse((await fixture.chappe("--json", ...argv)).stdout) as unknown;
    expect(await json("addresses", "receiver:", "--rate-ms", "0")).toMatchObject({
      addresses: [{ address: "receiver:a", publishedMessages: 1, subscriptions: [{ depthMessages: 1 }] }],
    });
    expect(await json("show", "receiver:a")).toMatchObject({
      address: "receiver:a",
      subscriptions: [{ readingRouters: 0 }],
    });
    expect(await json("peek", "receiver:a")).toMatchObject({ messages: [{ state: "waiting", type: "greeting" }] });
    expect(await json("peek", "receiver:a", "--body")).toMatchObject({ messages: [{ text: "hello", bodyBytes: 5 }] });
    expect(await json("dead", "list", "receiver:a")).toEqual({ deadLetters: [], more: false });
    expect(await json("dead", "redrive", "receiver:a", "--all")).toEqual({ redriven: 0 });
    expect(await json("dead", "purge", "receiver:a", "--all", "--yes")).toEqual({ purged: 0 });
    expect(await json("purge", "receiver:a", "--yes")).toEqual({ purged: 1 });
    expect(await json("delete", "address", "receiver:a", "--yes")).toEqual({ deleted: "receiver:a" });
    expect(await json("addresses")).toEqual({ addresses: [] });
  });

  test("moves a topic's subscription, and shows by its depth that it did", async () => {
    await using fixture = await start();
    const place = { address: "topic:orders", subscription: "billing" };
    const consumer = await fixture.broker.subscribe({ ...place, consumer: "consumer-01", startFrom: "earliest" });
    for (const body of ["one", "two"]) await fixture.publish(place.address, body);
    await consumer.close();
    const seek = (to: string) =>
      fixture.chappe("seek", place.address, "--subscription", place.subscription, "--to", to, "--yes");
    const depth = async () => {
      const { stdout } = await fixture.chappe("show", place.address, "--json");
      const { subscriptions } = JSON.parse(stdout) as { subscriptions: [{ depthMessages: number }] };
      return subscriptions[0].depthMessages;
    };
    expect(await seek("latest")).toMatchObject({ code: 0, stdout: "topic:orders/billing moved to latest\n" });
    expect(await depth()).toBe(0);
    const { stdout } = await fixture.chappe(
      ...["seek", place.address, "--subscription", place.subscription, "--to", "2026-01-01T01:00+01:00"],
      ...["--yes", "--json"],
    );
    expect(JSON.parse(stdout)).toEqual({ moved: "topic:orders/billing", to: "2026-01-01T00:00:00.000Z" });
    expect(await depth()).toBe(2);
    const unknown = "01976c1a-7ac1-7000-8000-000000000000";
    expect(await seek(unknown)).toMatchObject({ code: 1, stderr: expect.stringContaining(unknown) });
    expect(await fixture.chappe("seek", "receiver:a", "--to", "earliest", "--yes")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("only topics"),
    });
  });

  test("shows how many messages a subscription lost to its topic's retention", async () => {
    await using fixture = await start({ retentionBytes: 5_000 });
    const place = { address: "topic:orders", subscription: "billing" };
    const consumer = await fixture.broker.subscribe({ ...place, consumer: "consumer-01" });
    for (let count = 0; count < 10; count++) await fixture.publish(place.address, "x".repeat(1_000));
    await consumer.close();
    const { subscriptions } = JSON.parse((await fixture.chappe("show", place.address, "--json")).stdout) as {
      subscriptions: [{ depthMessages: number; trimmedMessages: number }];
    };
    const [{ depthMessages, trimmedMessages }] = subscriptions;
    expect(trimmedMessages).toBeGreaterThan(0);
    expect(depthMessages + trimmedMessages).toBe(10);
    expect((await fixture.chappe("show", place.address)).stdout).toContain(`0 died, ${trimmedMessages} trimmed\n`);
  });

  test("shows what has become of messages so far: outcomes, and whatever else there was", async () => {
    await using fixture = await start();
    const show = async () => (await fixture.chappe("show", "receiver:a")).stdout;
    await fixture.publish("receiver:a", "hello", { ttlMs: 1 });
    expect(await show()).toContain("\n0 acked, 0 tried again, 0 died\n");
    const consumer = await fixture.broker.subscribe({ address: "receiver:a", subscription: "", consumer: "c" });
    consumer.grant({ messages: 1, bytes: 1_000 });
    await waitFor(async () => (await show()).includes("\n0 acked, 0 tried again, 0 died, 1 expired\n"));
    await consumer.close();
    for (const body of ["one", "two"]) await fixture.publish("receiver:a", body);
    await fixture.chappe("purge", "receiver:a", "--yes");
    expect(await show()).toContain("\n0 acked, 0 tried again, 0 died, 1 expired, 2 purged\n");
    const { stdout } = await fixture.chappe("show", "receiver:a", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      subscriptions: [{ expiredMessages: 1, purgedMessages: 2, redrivenMessages: 0, droppedDeadLetters: 0 }],
    });
  });

  test("shows nothing of a message that could harm a terminal", async () => {
    await using fixture = await start();
    await fixture.publish("receiver:a", "\u001b[2Jgone\nnext line");
    const { stdout } = await fixture.chappe("peek", "receiver:a", "--body");
    expect(stdout).toContain("\\x1b[2Jgone\\nnext line");
    expect(stdout).not.toContain("\u001b");
  });

  test("deletes nothing without a terminal and without --yes, and says so with exit code 2", async () => {
    await using fixture = await start();
    await fixture.publish("receiver:a", "hello");
    const commands = [
      ["purge", "receiver:a"],
      ["dead", "purge", "receiver:a", "--all"],
      ["delete", "address", "receiver:a", "--force"],
      ["delete", "subscription", "topic:a", "s"],
      ["seek", "topic:a", "--subscription", "s", "--to", "earliest"],
    ];
    for (const command of commands) {
      expect(await fixture.chappe(...command)).toMatchObject({
        code: 2,
        stdout: "",
        stderr: expect.stringContaining("say --yes"),
      });
    }
    expect((await fixture.chappe("peek", "receiver:a")).stdout).toContain("greeting");
  });

  test("refusals of the router and names outside the grammar are told, with an exit code of their own", async () => {
    await using fixture = await start();
    await fixture.publish("receiver:a", "hello");
    const refused = await fixture.chappe("delete", "address", "receiver:a", "--yes");
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("has messages or dead letters") });
    expect(await fixture.chappe("show", "receiver:nobody")).toMatchObject({ code: 1 });
    expect(await fixture.chappe("show", "nowhere")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("nowhere"),
    });
  });

  test("says where operators are served when nobody listens, or who listens serves none", async () => {
    const hint = expect.stringMatching(/^error: .*\nIs --router .* its --admin-listen .* off by default\.\n$/);
    expect(await run(["--router", "127.0.0.1:1", "addresses"])).toMatchObject({ code: 1, stderr: hint });
    const broker = createBroker({ store: createMemoryBackend().connect() });
    await using router = await startRouter({ broker, listen: "127.0.0.1:0" });
    expect(await run(["--router", router.address, "addresses"])).toMatchObject({ code: 1, stderr: hint });
    await broker.close({ deadlineMs: 0 });
    await using fixture = await start();
    expect((await fixture.chappe("show", "receiver:nobody")).stderr).not.toContain("--admin-listen");
  });

  test("what is not there is an error for every command, and no empty answer", async () => {
    await using fixture = await start();
    await fixture.publish("topic:orders", "hello");
    const commands = [["peek"], ["dead", "list"], ["dead", "redrive", "--all"], ["dead", "purge", "--all", "--yes"]];
    for (const command of [...commands, ["purge", "--yes"]]) {
      expect(await fixture.chappe(...command, "receiver:nobody")).toMatchObject({
        code: 1,
        stdout: "",
        stderr: expect.stringMatching(/^error: .*receiver:nobody is not there: nobody has used it\n$/),
      });
      expect(await fixture.chappe(...command, "topic:orders", "--subscription", "biling")).toMatchObject({
        code: 1,
        stdout: "",
        stderr: expect.stringMatching(/^error: .*topic:orders has no subscription "biling"\n$/),
      });
    }
  });

  test("peeks at nothing where nothing waits, and says how many messages are delayed", async () => {
    await using fixture = await start();
    await fixture.publish("receiver:a", "later", { deliverAt: IN_AN_HOUR });
    const peek = await fixture.chappe("peek", "receiver:a");
    expect(peek).toMatchObject({
      code: 0,
      stdout: "",
      stderr: "nothing waits at receiver:a, apart from 1 delayed message\n",
    });
    await fixture.chappe("purge", "receiver:a", "--delayed", "--yes");
    expect((await fixture.chappe("peek", "receiver:a")).stderr).toBe("nothing waits at receiver:a\n");
  });

  test("purges delayed messages when it is told to, and says otherwise that they are left", async () => {
    await using fixture = await start();
    await fixture.publish("topic:orders", "later", { deliverAt: IN_AN_HOUR });
    await fixture.publish("receiver:a", "hello");
    await fixture.publish("receiver:a", "later", { deliverAt: IN_AN_HOUR });
    expect(await fixture.chappe("purge", "receiver:a", "--yes")).toMatchObject({
      code: 0,
      stdout: "1 message of receiver:a deleted\n",
      stderr: "1 delayed message left: --delayed deletes them\n",
    });
    expect(await fixture.chappe("purge", "receiver:a", "--delayed")).toMatchObject({ code: 2, stdout: "" });
    expect(await fixture.chappe("purge", "receiver:a", "--delayed", "--yes")).toMatchObject({
      code: 0,
      stdout: "1 delayed message of receiver:a deleted\n",
    });
    expect((await fixture.chappe("purge", "receiver:a", "--yes")).stderr).toBe("");
    const { stdout } = await fixture.chappe("purge", "topic:orders", "--delayed", "--yes", "--json");
    expect(JSON.parse(stdout)).toEqual({ purged: 1 });
  });

  test("asks at a terminal, and does as it is told", async () => {
    await using fixture = await start();
    await fixture.publish("receiver:a", "hello");
    expect(await fixture.answer("n\n", "purge", "receiver:a")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("nothing was changed"),
    });
    expect(await fixture.answer("y\n", "purge", "receiver:a")).toMatchObject({
      code: 0,
      stdout: "1 message of receiver:a deleted\n",
    });
  });
});
