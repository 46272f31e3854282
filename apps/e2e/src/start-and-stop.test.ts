import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { spawnProgram } from "@chappe/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appProgram, type ChappeStack, startChappe } from "./chappe-stack.ts";

let chappe: ChappeStack;
beforeAll(async () => {
  chappe = await startChappe({ tcp: true });
});
afterAll(() => chappe[Symbol.asyncDispose]());

describe("whatever starts first waits for the rest:", () => {
  test("a receiver and a sender for their router", async () => {
    await chappe.router.kill();
    const receiver = chappe.receiver(["early"]);
    const sender = chappe.sender(["--to", "early", "hello"]);
    await Promise.all([receiver, sender].map((program) => program.waitForLine(/cannot reach .*trying again/)));
    await chappe.router.start();
    expect(await sender.exit).toMatchObject({ code: 0 });
    await receiver.waitForLine(/hello$/);
  });

  test.skipIf(process.env["REDIS_URL"])("a router for its Redis", async () => {
    await chappe.router.kill();
    await chappe.redis.kill();
    await chappe.router.start();
    const sender = chappe.sender(["--to", "redis-later", "hello"]);
    await sender.waitForLine(/1 not safe yet; waiting for the router to confirm\. Last error: .*Redis/);
    await chappe.redis.restart();
    expect(await sender.exit).toMatchObject({ code: 0 });
  });

  test("but a sender for no longer than its timeout, and it says why", async () => {
    await chappe.router.kill();
    const sender = chappe.sender(["--to", "never", "--timeout-ms", "500", "hello"]);
    expect(await sender.exit).toMatchObject({ code: 1 });
    expect(sender.stderr.join("\n")).toMatch(
      /error: message 1 failed: DEADLINE_EXCEEDED: .*500 ms.*\nsent 1 .* 0 safe/,
    );
    await chappe.router.start();
  });
});

describe("a program that is told to stop does so in good order:", () => {
  test("a receiver gives back what it has not printed, and exits with 0", async () => {
    const stopped = await chappe.ready(["stopped", "--json"]);
    const sender = chappe.sender(["--to", "stopped", "--count", "2000", "--rate", "2000", "--print-ids", "x"]);
    await expect.poll(() => stopped.stdout.length, { timeout: 10_000 }).toBeGreaterThan(200);
    stopped.kill("SIGTERM");
    expect(await stopped.exit).toMatchObject({ code: 0 });

    const successor = chappe.receiver(["stopped", "--json", "--count", String(2000 - stopped.stdout.length)]);
    expect(await sender.exit).toMatchObject({ code: 0 });
    expect(await successor.exit).toMatchObject({ code: 0 });
    const received = [...stopped.stdout, ...successor.stdout].map((line) => JSON.parse(line));
    // Once each, in order, and none counts as tried before.
    expect(received.map(({ id }) => id as string)).toEqual(sender.stdout);
    expect(received.every(({ attempt }) => attempt === 1)).toBe(true);
  });

  test("a sender waits for what is on its way, and exits with 130", async () => {
    const sender = chappe.sender(["--to", "rest", "--count", "100000", "--rate", "500", "--print-ids", "x"]);
    await expect.poll(() => sender.stdout.length, { timeout: 10_000 }).toBeGreaterThan(50);
    sender.kill("SIGINT");
    expect(await sender.exit).toMatchObject({ code: 130 });
    const count = String(sender.stdout.length);
    expect(sender.stderr.at(-1)).toMatch(new RegExp(`^sent ${count} messages .*: ${count} safe`));

    const receiver = chappe.receiver(["rest", "--json", "--count", count]);
    expect(await receiver.exit).toMatchObject({ code: 0 });
    expect(receiver.stdout.map((line) => JSON.parse(line).id as string)).toEqual(sender.stdout);
  });

  test("a receiver whose reader has seen enough gives back what was not printed, and exits with 0", async () => {
    const args = [appProgram("receiver"), "--router", chappe.router.address, "--json", "head"];
    const receiver = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    const exit = once(receiver, "exit");
    const stderr = text(receiver.stderr);
    await chappe.sender(["--to", "head", "printed"]).exit;
    const [line] = (await once(receiver.stdout, "data")) as [Buffer];
    expect(JSON.parse(line.toString())).toMatchObject({ text: "printed" });

    receiver.stdout.destroy();
    await chappe.sender(["--to", "head", "kept"]).exit;
    expect(await exit).toEqual([0, null]);
    expect(await stderr).not.toMatch(/error/i);

    const successor = chappe.receiver(["head", "--json", "--count", "1"]);
    await successor.exit;
    expect(JSON.parse(successor.stdout[0]!)).toMatchObject({ text: "kept", attempt: 1 });
  });

  test("a router lets its clients go, and exits with 0; they go on with the next one", async () => {
    const receiver = await chappe.ready(["moved"]);
    chappe.router.process.kill("SIGTERM");
    expect(await chappe.router.process.exit).toMatchObject({ code: 0 });
    await chappe.router.start();
    await chappe.sender(["--to", "moved", "after"]).exit;
    await receiver.waitForLine(/after$/);
  });
});

test.each([
  ["sender", ["--to", "a b", "x"]],
  ["receiver", ["--topic", "orders"]],
  ["router", ["--lease-ms", "soon"]],
] as const)("a %s with wrong flags exits with 2, says why on standard error and nothing else", async (app, args) => {
  await using program = spawnProgram(appProgram(app), args);
  expect(await program.exit).toMatchObject({ code: 2 });
  expect(program.stderr.join("\n")).toMatch(/^error: .*\(--help lists what is allowed\)/s);
  expect(program.stdout).toEqual([]);
});
