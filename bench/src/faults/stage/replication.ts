import type { RedisServer } from "./redis-server.ts";

/** Settings by which a replica finds out in time that its link to the master carries nothing: a minute is too long for a run. */
export const HASTE = { "repl-timeout": "3", "repl-ping-replica-period": "1" } as const;

/** A replica that has heard nothing for more seconds may be deaf. */
const HEARD_S = 1;

/** What a server says of its place in the replication. */
interface Replication {
  readonly isMaster: boolean;
  /** A replica that has caught up with its master, or a master that has a replica. */
  readonly isJoined: boolean;
}

/** Whether so many of the servers are masters with a replica, and all others are replicas that follow. */
export async function isReplicated(servers: readonly RedisServer[], masters: number): Promise<boolean> {
  const all = await Promise.all(servers.map(replicationOf));
  return all.every(({ isJoined }) => isJoined) && all.filter(({ isMaster }) => isMaster).length === masters;
}

async function replicationOf(server: RedisServer): Promise<Replication> {
  const info = String(await server.call("INFO", "replication"));
  const isMaster = info.includes("role:master");
  if (isMaster) return { isMaster, isJoined: info.includes("state=online") };
  const [, silentS = Number.POSITIVE_INFINITY] = /^master_last_io_seconds_ago:(\d+)/m.exec(info) ?? [];
  return { isMaster, isJoined: info.includes("master_link_status:up") && Number(silentS) <= HEARD_S };
}
