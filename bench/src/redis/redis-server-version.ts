import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { findRedisServer } from "@chappe/testing";

/** What the server that the benchmarks start says it is, for people: "Redis server v=7.0.15 …" becomes "Redis 7.0.15". */
export async function redisVersion(): Promise<string> {
  const { path, env } = await findRedisServer();
  const { stdout } = await promisify(execFile)(path, ["--version"], { env: { ...process.env, ...env } });
  const [, name = "Redis", version = "unknown"] = /^(\w+).*?\bv=(\S+)/.exec(stdout) ?? [];
  return `${name} ${version}`;
}
