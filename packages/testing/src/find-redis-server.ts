import { join } from "node:path";
import { cacheFolder } from "./cache-folder.ts";
import { hasDebianPackages } from "./debian-packages.ts";
import { unpackDebianRedis } from "./debian-redis.ts";
import { isExecutable, pathFolders } from "./find-program.ts";
import { type RedisProgram, redisVersion } from "./redis-program.ts";

/** Chappe needs the commands of Redis 7; Valkey starts above it. */
const oldestMajor = 7;

/**
 * A Redis or Valkey server to start, looked for in this order:
 *
 * 1. the program named by `CHAPPE_REDIS_SERVER`;
 * 2. `redis-server` or `valkey-server` on the PATH, version 7 or newer;
 * 3. on Debian and Ubuntu, the distribution's package, unpacked into a cache folder of this user. Nothing is installed
 *    and no root is needed.
 *
 * @throws Error that lists the ways to provide one.
 */
export async function findRedisServer(): Promise<RedisProgram> {
  const tried: string[] = [];
  for (const path of candidates()) {
    const program = { path, env: {} };
    const version = await redisVersion(program);
    if (version !== undefined && (version[0] ?? 0) >= oldestMajor) return program;
    tried.push(`${path}: ${version === undefined ? "does not run" : `is ${version.join(".")}, too old`}`);
  }
  if (await hasDebianPackages()) {
    try {
      return await unpackDebianRedis(cacheFolder());
    } catch (error) {
      tried.push(`the distribution's package: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(notFound(tried));
}

function candidates(): string[] {
  const named = process.env["CHAPPE_REDIS_SERVER"];
  if (named !== undefined && named !== "") return [named];
  return ["redis-server", "valkey-server"]
    .flatMap((name) => pathFolders().map((folder) => join(folder, name)))
    .filter(isExecutable);
}

function notFound(tried: readonly string[]): string {
  return [
    `No Redis ${oldestMajor} or newer, and no Valkey, was found to start. Any one of these provides it:`,
    "  - macOS: brew install redis",
    "  - Debian, Ubuntu: apt-get install redis-server",
    "  - CHAPPE_REDIS_SERVER=<path of redis-server or valkey-server>",
    "  - a running server: docker compose up -d redis, then REDIS_URL=redis://localhost:6379",
    ...(tried.length === 0 ? [] : ["Tried:", ...tried.map((line) => `  - ${line}`)]),
  ].join("\n");
}
