import { waitFor } from "@chappe/testing";
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

/** Waits for a condition, which may reject until then. @returns whether it came true in time */
export async function comesTrue(condition: () => Promise<boolean>, deadlineMs: number): Promise<boolean> {
  return waitFor(condition, { deadlineMs }).then(
    () => true,
    () => false,
  );
}

async function replicationOf(server: RedisServer): Promise<Replication> {
  const info = String(await server.call("INFO", "replication"));
  const isMaster = info.includes("role:master");
  return { isMaster, isJoined: info.includes(isMaster ? "state=online" : "master_link_status:up") };
}
