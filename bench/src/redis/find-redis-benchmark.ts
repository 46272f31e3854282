import { dirname } from "node:path";
import { findProgram, findRedisServer, pathFolders, type RedisProgram } from "@chappe/testing";

/** The load generator that comes with Redis or Valkey: beside the server that is measured, or on the PATH. */
export async function findRedisBenchmark(): Promise<RedisProgram | undefined> {
  const { path, env } = await findRedisServer();
  const found = findProgram(["redis-benchmark", "valkey-benchmark"], [dirname(path), ...pathFolders()]);
  return found === undefined ? undefined : { path: found, env };
}
