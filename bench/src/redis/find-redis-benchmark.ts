import { dirname } from "node:path";
import { findRedisServer, type RedisProgram } from "@chappe/testing";
import { findProgram, pathFolders } from "../process/find-program.ts";

/** The load generator that comes with Redis or Valkey: beside the server that is measured, or on the PATH. */
export async function findRedisBenchmark(): Promise<RedisProgram | undefined> {
  const { path, env } = await findRedisServer();
  const found = findProgram(["redis-benchmark", "valkey-benchmark"], [dirname(path), ...pathFolders()]);
  return found === undefined ? undefined : { path: found, env };
}
