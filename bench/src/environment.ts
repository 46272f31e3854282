import { execFile } from "node:child_process";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import { promisify } from "node:util";
import { fileURLToPath } from "node:url";
import { redisVersion } from "./redis/redis-server-version.ts";
import type { Environment } from "./result-schema.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));

/** What this run is measured on. */
export async function readEnvironment(): Promise<Environment> {
  const processors = cpus();
  return {
    startedAt: new Date().toISOString(),
    node: process.version,
    redis: await redisVersion(),
    cpu: processors[0]?.model.trim() || "unknown",
    cores: processors.length,
    memoryBytes: totalmem(),
    os: `${type()} ${release()}`,
    loadAverage: loadavg()[0] ?? 0,
  };
}

/** The commit of the sources, with `-dirty` behind it when they were changed; `unknown` outside a checkout. */
export async function readCommit(): Promise<string> {
  try {
    const { stdout } = await run("git", ["describe", "--always", "--abbrev=40", "--dirty", "--exclude=*"], {
      cwd: root,
    });
    return stdout.trim();
  } catch {
    return "unknown";
  }
}
