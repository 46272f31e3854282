import type { RedisServer } from "./redis-server.ts";

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
  return { isMaster, isJoined: info.includes(isMaster ? "state=online" : "master_link_status:up") };
}
