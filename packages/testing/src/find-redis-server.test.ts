import { expect, onTestFinished, test, vi } from "vitest";
import { findRedisServer } from "./find-redis-server.ts";
import { redisVersion } from "./redis-program.ts";

test.skipIf(process.env["REDIS_URL"])("finds a server that runs, version 7 or newer", async () => {
  const version = await redisVersion(await findRedisServer());
  expect(version?.[0]).toBeGreaterThanOrEqual(7);
});

test("lists every way to provide one when there is none", async () => {
  vi.stubEnv("CHAPPE_REDIS_SERVER", "/nowhere/redis-server");
  vi.stubEnv("PATH", "/nowhere");
  onTestFinished(() => void vi.unstubAllEnvs());
  const failure = await findRedisServer().catch((error: unknown) => String(error));
  for (const way of ["brew install", "apt-get install", "CHAPPE_REDIS_SERVER", "docker compose", "REDIS_URL"]) {
    expect(failure).toContain(way);
  }
  expect(failure).toContain("/nowhere/redis-server: does not run");
});
