import { existsSync } from "node:fs";
import { createConnection, connect } from "node:net";
import { dirname } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { spawnProgram } from "./spawn-program.ts";
import { startRedis } from "./start-redis.ts";
import { waitFor } from "./wait-for.ts";

/** Sends one inline command and returns the raw reply: these tests must not depend on a driver. */
async function ask(address: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const url = address.startsWith("/") ? undefined : new URL(address);
    const socket = url ? connect(Number(url.port), url.hostname) : createConnection(address);
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("closed without a reply")));
    socket.once("data", (data) => {
      socket.destroy();
      resolve(data.toString());
    });
    socket.write(`${command}\r\n`);
  });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(process.env["REDIS_URL"])("a Redis of the test's own", () => {
  test("answers on its socket, and leaves neither process nor files behind", async () => {
    const redis = await startRedis();
    const { pid, socketPath = "" } = redis;
    expect(await ask(redis.url, "PING")).toBe("+PONG\r\n");
    await redis.stop();
    expect(isRunning(pid ?? 0)).toBe(false);
    expect(existsSync(dirname(socketPath))).toBe(false);
    await redis.stop();
  });

  test("answers on a TCP port when asked to, also many at once", async () => {
    const servers = await Promise.all([1, 2, 3].map(() => startRedis({ tcp: true })));
    onTestFinished(async () => {
      await Promise.all(servers.map((redis) => redis.stop()));
    });
    expect(new Set(servers.map((redis) => redis.port)).size).toBe(3);
    for (const redis of servers) expect(await ask(redis.url, "PING")).toBe("+PONG\r\n");
  });

  test("comes back from a crash at the same address with what its append-only file holds", async () => {
    await using redis = await startRedis({ appendonly: "always", tcp: true });
    const { url, pid } = redis;
    await ask(url, "SET name Chappe");
    await redis.kill();
    expect(redis.pid).toBeUndefined();
    await redis.restart();
    expect(redis.url).toBe(url);
    expect(redis.pid).not.toBe(pid);
    expect(await ask(url, "GET name")).toContain("Chappe");
  });

  test("comes back empty without an append-only file", async () => {
    await using redis = await startRedis();
    await ask(redis.url, "SET name Chappe");
    await redis.restart();
    expect(await ask(redis.url, "GET name")).toBe("$-1\r\n");
  });

  test("refuses writes beyond its memory limit", async () => {
    await using redis = await startRedis({ maxmemoryBytes: 1_000 });
    expect(await ask(redis.url, "SET name Chappe")).toMatch(/^-OOM/);
  });

  test("takes further settings", async () => {
    await using redis = await startRedis({ tcp: true, settings: { "cluster-enabled": "yes" } });
    await ask(redis.url, "CLUSTER ADDSLOTSRANGE 0 16383");
    await waitFor(async () => (await ask(redis.url, "CLUSTER INFO")).includes("cluster_state:ok"));
  });

  test("says what Redis said when it does not start", async () => {
    await expect(startRedis({ settings: { "no-such-setting": "1" } })).rejects.toThrow("no-such-setting");
  });

  test("goes with the process that started it, also when that is killed", async () => {
    await using holder = spawnProgram(new URL("./fixtures/redis-holder.ts", import.meta.url));
    const [, url = "", socketPath = ""] = await holder.waitForLine(/^redis (\S+) (.+)$/);
    expect(await ask(url, "PING")).toBe("+PONG\r\n");
    holder.kill("SIGKILL");
    const refused = () =>
      ask(url, "PING").then(
        () => false,
        () => true,
      );
    await waitFor(refused, { describe: "the end of Redis" });
    await waitFor(() => !existsSync(dirname(socketPath)), { describe: "the removal of its files" });
  });

  test("does not keep alive the process that started it", async () => {
    await using holder = spawnProgram(new URL("./fixtures/redis-holder.ts", import.meta.url), ["leave"]);
    expect(await holder.exit).toEqual({ code: 0, signal: null });
  });
});

describe("with REDIS_URL", () => {
  test("uses that server, and refuses to harm it", async () => {
    vi.stubEnv("REDIS_URL", "redis://127.0.0.1:1");
    onTestFinished(() => void vi.unstubAllEnvs());
    const redis = await startRedis();
    expect(redis).toMatchObject({ url: "redis://127.0.0.1:1", external: true });
    await expect(redis.kill()).rejects.toThrow("REDIS_URL");
    await expect(redis.restart()).rejects.toThrow("REDIS_URL");
    await redis.stop();
  });
});
