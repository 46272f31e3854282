import { ChappeError, type Durability, replicasOf } from "@chappe/message";
import type { Argument } from "./encode-command.ts";
import type { Reply } from "./redis-client.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { fieldsOf } from "./reply-fields.ts";

/** What a Redis says of itself, as far as it decides how durable a write is. */
export interface ServerFacts {
  /** Of its process: another one after each start. */
  readonly runId: string;
  /** Of its history as a primary: another one after each change of role, even when it changes back. */
  readonly replicationId: string;
  readonly version: string;
  readonly isPrimary: boolean;
  /** Connected, and through with their first copy. */
  readonly replicas: number;
  readonly hasAppendOnlyFile: boolean;
  /** Whether WAITAOF is there: Redis 7.2, Valkey. */
  readonly hasWaitAof: boolean;
  /** `appendfsync`; undefined when this user may not ask. */
  readonly appendfsync: string | undefined;
  /** Whether fsync is left out while a child process rewrites; undefined when this user may not ask. */
  readonly pausesFsync: boolean | undefined;
}

const ABOUT: readonly Argument[] = ["INFO", "server", "replication", "persistence"];
const SETTINGS: readonly Argument[] = ["CONFIG", "GET", "appendfsync", "no-appendfsync-on-rewrite"];

/** Asks a Redis about itself: two commands, written before this returns. @throws ChappeError */
export async function readServerFacts(connection: RedisConnection): Promise<ServerFacts> {
  const info = connection.call(...ABOUT);
  // Where CONFIG is forbidden, WAITAOF does without it, and nothing else does.
  const settings = connection.call(...SETTINGS).catch(() => null);
  return factsOf(String(await info), await settings);
}

/** Reads the answers to INFO and CONFIG GET. */
export function factsOf(info: string, settings: Reply): ServerFacts {
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1] ?? "";
  const [major = 0, minor = 0] = field("redis_version").split(".").map(Number);
  const { appendfsync, "no-appendfsync-on-rewrite": pauses } = fieldsOf(settings ?? []);
  return {
    runId: field("run_id"),
    replicationId: field("master_replid"),
    version: field("redis_version"),
    isPrimary: field("role") === "master",
    replicas: info.match(/^slave\d+:.*state=online/gm)?.length ?? 0,
    hasAppendOnlyFile: field("aof_enabled") === "1",
    hasWaitAof: major > 7 || (major === 7 && minor >= 2),
    appendfsync,
    pausesFsync: pauses === undefined ? undefined : pauses !== "no",
  };
}

/**
 * Why this Redis does not give a durability; undefined when it does. FAILED_PRECONDITION when that takes an operator,
 * UNAVAILABLE when it may come back by itself.
 */
export function whyNotDurable(facts: ServerFacts, durability: Durability): ChappeError | undefined {
  if (!facts.isPrimary) return new ChappeError("UNAVAILABLE", `durability "${durability}": this Redis is a replica`);
  const replicas = replicasOf(durability);
  if (replicas > facts.replicas) {
    return new ChappeError(
      "UNAVAILABLE",
      `durability "${durability}": ${replicas} replicas are needed, and Redis has ${facts.replicas} connected`,
    );
  }
  if (durability !== "fsynced") return undefined;
  const problem = whyNotFsynced(facts);
  if (problem === undefined) return undefined;
  return new ChappeError("FAILED_PRECONDITION", `durability "fsynced": ${problem}`);
}

function whyNotFsynced(facts: ServerFacts): string | undefined {
  const { version, hasAppendOnlyFile, hasWaitAof, appendfsync, pausesFsync } = facts;
  if (!hasAppendOnlyFile) return "Redis keeps no append-only file; set appendonly yes";
  if (hasWaitAof) {
    return appendfsync === "no" ? "Redis never syncs its file (appendfsync no); set everysec or always" : undefined;
  }
  const needed = `Redis ${version} has no WAITAOF (7.2 has), so it needs`;
  if (appendfsync === undefined) return `${needed} appendfsync always, and this user may not ask (CONFIG GET)`;
  if (appendfsync !== "always") return `${needed} appendfsync always, and has ${appendfsync}`;
  if (pausesFsync !== false) return `${needed} no-appendfsync-on-rewrite no, and has yes`;
  return undefined;
}
