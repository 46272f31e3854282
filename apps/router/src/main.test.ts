import { fileURLToPath } from "node:url";
import { spawnProgram, startRedis, waitFor } from "@chappe/testing";
import { connect } from "@chappe/client";
import { connectAdmin } from "@chappe/client/admin";
import { checkHealth } from "@chappe/router";
import { describe, expect, test } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

/** Runs the program with these arguments, in an environment that says no more than on which port HTTP must not be. */
function run(...args: string[]) {
  return spawnProgram(main, args, { env: { CHAPPE_HTTP_LISTEN: "off" } });
}

/** Runs a router on a free port, and waits until it listens. */
async function runRouter(...args: string[]) {
  const program = run("--listen", "127.0.0.1:0", ...args);
  const [, address] = await program.waitForLine(/"listening on (127\.0\.0\.1:\d+)"/);
  return Object.assign(program, { address: address! });
}

describe("a router with its messages in memory", () => {
  test("carries messages, and stops in good order on SIGTERM", async () => {
    await using router = await runRouter("--store", "memory");
    const client = connect({ routers: [router.address] });
    await client.sender("sender-01").send({ to: "receiver-01", body: "hello" });
    await client.close();
    router.kill();
    expect(await router.exit).toEqual({ code: 0, signal: null });
    const lines = router.stdout.map((line) => (JSON.parse(line) as { msg: string }).msg);
    expect(lines).toEqual([
      "messages are kept in memory alone, and end with this process",
      `listening on ${router.address}`,
      "ready: the store answers",
      "stopping",
      "draining",
      "no client is left",
      "stopped",
    ]);
    expect(router.stderr).toEqual([]);
  });

  test("waits for its consumers when told to stop, and not when told twice", async () => {
    await using router = await runRouter("--store", "memory", "--drain-ms", "60000");
    const client = connect({ routers: [router.address] });
    const receiver = client.receiver("receiver-01");
    await client.sender("sender-01").send({ to: "receiver-01", body: "held" });
    // A message that is held and not settled keeps the drain waiting.
    await receiver[Symbol.asyncIterator]().next();
    router.kill("SIGINT");
    await router.waitForLine(/"draining"/);
    router.kill("SIGINT");
    expect(await router.exit).toEqual({ code: 130, signal: null });
    await client.close({ deadlineMs: 100 });
  });

  test.each(["--listen", "--http-listen"])("says no when the port of %s is taken", async (flag) => {
    await using router = await runRouter("--store", "memory");
    await using second = run("--store", "memory", "--listen", "127.0.0.1:0", flag, router.address);
    expect(await second.exit).toMatchObject({ code: 1 });
    expect(second.stdout.at(-1)).toContain(`cannot listen on ${router.address}: another program does`);
  });

  test("serves HTTP beside gRPC, and stops both in good order", async () => {
    await using router = await runRouter("--store", "memory", "--http-listen", "127.0.0.1:0");
    const [, address] = await router.waitForLine(/"serving HTTP on (127\.0\.0\.1:\d+)"/);
    const sent = await fetch(`http://${address}/v1/messages?sender=a&to=receiver-01`, {
      method: "POST",
      body: "hello",
    });
    expect(sent.status).toBe(201);
    const client = connect({ routers: [router.address] });
    const { value } = await client.receiver("receiver-01")[Symbol.asyncIterator]().next();
    expect(value!.sender).toBe("a");
    await value!.ack();
    await client.close();
    const metrics = await (await fetch(`http://${address}/metrics`)).text();
    expect(metrics).toMatch(/^chappe_published_messages_total 1$/m);
    expect(metrics).toMatch(/^chappe_delivered_messages_total\{attempt="1"\} 1$/m);
    expect(metrics).toMatch(/^chappe_build_info\{version="\d+\.\d+\.\d+"/m);
    router.kill();
    expect(await router.exit).toEqual({ code: 0, signal: null });
    expect(router.stdout.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(
      expect.arrayContaining(["draining HTTP", "no HTTP client is left", "stopped"]),
    );
  });
});

test("serves operators where it is told to, and nowhere else", async () => {
  await using router = await runRouter("--store", "memory", "--admin-listen", "127.0.0.1:0");
  const [, address] = await router.waitForLine(/"serving operators on (127\.0\.0\.1:\d+)"/);
  const client = connect({ routers: [router.address] });
  await client.sender("sender-01").send({ to: "receiver-01", body: "hello" });
  await client.close();
  using admin = connectAdmin({ router: address! });
  expect(await admin.address("receiver:receiver-01")).toMatchObject({ publishedMessages: 1 });
  using elsewhere = connectAdmin({ router: router.address });
  await expect(elsewhere.address("receiver:receiver-01")).rejects.toMatchObject({ code: "UNIMPLEMENTED" });
  router.kill();
  expect(await router.exit).toEqual({ code: 0, signal: null });
});

describe("wrong usage ends with 2, on standard error and without a start:", () => {
  test.each([
    [["--lease-ms", "soon"], /^error: --lease-ms "soon": must be a whole number/],
    [["--lease", "5"], /^error: unknown option '--lease'/],
    [["--tls-cert", "no-such-file", "--tls-key", "no-such-file"], undefined],
  ] as const)("%j", async (args, line) => {
    await using program = run(...args);
    expect(await program.exit).toMatchObject({ code: 2 });
    if (line === undefined) expect(program.stdout.at(-1)).toContain("must be a file that can be read");
    else expect(program.stderr[0]).toMatch(line);
  });
});

test("health tells by its exit code whether a router takes messages", async () => {
  await using router = await runRouter("--store", "memory");
  await using healthy = run("health", "--address", router.address);
  expect(await healthy.exit).toMatchObject({ code: 0 });
  expect(healthy.stdout).toEqual(["SERVING"]);
  router.kill();
  await router.exit;
  await using gone = run("health", "--address", router.address, "--timeout-ms", "500");
  expect(await gone.exit).toMatchObject({ code: 1 });
  expect(gone.stderr[0]).toContain(`${router.address} does not answer`);
});

test.skipIf(process.env["REDIS_URL"])(
  "a router whose Redis is away says so once, refuses, and serves when it is there",
  async () => {
    await using redis = await startRedis({ tcp: true });
    await redis.kill();
    await using router = await runRouter("--redis-url", redis.url);
    await router.waitForLine(/"not ready/);
    expect(await checkHealth(router.address)).toBe("NOT_SERVING");
    const impatient = connect({ routers: [router.address], sendTimeoutMs: 300 });
    const early = impatient.sender("a").send({ to: "b", body: "early" });
    await expect(early).rejects.toThrow(/not acknowledged within 300 ms/);
    await impatient.close();

    await redis.restart();
    await router.waitForLine(/"ready: the store answers"/);
    await waitFor(async () => (await checkHealth(router.address)) === "SERVING");
    const client = connect({ routers: [router.address] });
    await client.sender("a").send({ to: "b", body: "late" });
    await client.close();

    await redis.kill();
    await router.waitForLine(/connected to Redis/);
    await waitFor(() => router.stdout.filter((line) => line.includes("out of reach")).length === 2);
    expect(router.stdout.filter((line) => line.includes('"not ready')).length).toBeLessThanOrEqual(2);
    router.kill();
    expect(await router.exit).toMatchObject({ code: 0 });
  },
);

test.skipIf(process.env["REDIS_URL"])("waits for replicas as long as it is told to, and no longer", async () => {
  await using redis = await startRedis({ tcp: true, settings: { "repl-diskless-sync-delay": "0" } });
  await using replica = await startRedis({ replicaOf: redis, tcp: true });
  await using router = await runRouter(
    ...["--redis-url", redis.url, "--http-listen", "127.0.0.1:0", "--durability-timeout-ms", "17"],
  );
  const [, address] = await router.waitForLine(/"serving HTTP on (127\.0\.0\.1:\d+)"/);
  const send = () =>
    fetch(`http://${address}/v1/messages?sender=a&to=b`, {
      method: "POST",
      headers: { "chappe-durability": "replicated" },
      body: "hello",
    });
  await waitFor(async () => (await send()).status === 201);
  process.kill(replica.pid!, "SIGSTOP");
  const refused = await send();
  process.kill(replica.pid!, "SIGCONT");
  expect(refused.status).toBe(503);
  expect(await refused.text()).toContain("0 of 1 replicas have confirmed within 17 ms");
});
