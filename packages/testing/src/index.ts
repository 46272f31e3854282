// Redis
export { startRedis, type RedisFixture, type StartRedisOptions } from "./start-redis.ts";
export {
  startRedisSentinel,
  type RedisSentinelFixture,
  type StartRedisSentinelOptions,
} from "./start-redis-sentinel.ts";
export { startRedisCluster, type RedisClusterFixture, type StartRedisClusterOptions } from "./start-redis-cluster.ts";
export type { SlotMigration } from "./slot-migration.ts";
export { findRedisServer } from "./find-redis-server.ts";
export type { RedisSecurity } from "./redis-security.ts";
export type { RedisProgram } from "./redis-program.ts";
export { redisNamespace } from "./redis-namespace.ts";

// Connections
export { Link, type LinkState, type LinkToll } from "./link.ts";

// Programs
export {
  spawnProgram,
  type ProgramExit,
  type ProgramUnderTest,
  type SpawnProgramOptions,
} from "./spawn-program.ts";
export { findProgram, pathFolders } from "./find-program.ts";
export { freePort } from "./free-port.ts";
export { cacheFolder } from "./cache-folder.ts";
export { endWithParent } from "./end-with-parent.ts";
export { type DebianUnpacking, hasDebianPackages, unpackDebianPackages } from "./debian-packages.ts";

// TLS
export { hasOpenssl, type SelfSigned, selfSigned } from "./self-signed.ts";

// Time
export { ManualClock } from "./manual-clock.ts";
export { waitFor, type WaitForOptions } from "./wait-for.ts";
