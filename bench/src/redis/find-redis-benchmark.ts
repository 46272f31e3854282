import { accessSync, constants } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { findRedisServer, type RedisProgram } from "@chappe/testing";

/** The load generator that comes with Redis or Valkey: beside the server that is measured, or on the PATH. */
export async function findRedisBenchmark(): Promise<RedisProgram | undefined> {
  const { path, env } = await findRedisServer();
  const folders = [dirname(path), ...(process.env["PATH"] ?? "").split(delimiter)];
  const found = folders
    .flatMap((folder) => ["redis-benchmark", "valkey-benchmark"].map((name) => join(folder, name)))
    .find(isExecutable);
  return found === undefined ? undefined : { path: found, env };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
