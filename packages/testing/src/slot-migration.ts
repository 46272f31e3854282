import type { Redis } from "ioredis";

/** What moves a slot of a cluster from one master to another, in its three steps. */
export interface SlotMigration {
  /** Moves up to `count` keys, all by default, and says how many. Meanwhile Redis answers ASK and TRYAGAIN. */
  moveKeys(count?: number): Promise<number>;
  /** Moves what is left and gives the slot to its new master, which all learn: the old one answers MOVED. */
  finish(): Promise<void>;
}

/** A master of the cluster, and how to give it orders. */
export interface ClusterMaster {
  readonly id: string;
  readonly port: number;
  readonly driver: Redis;
}

/** Keys in one MIGRATE. */
const KEYS_AT_ONCE = 100;

/** Begins to move a slot. @param password of all masters @throws Error when Redis refuses */
export async function migrateSlot(
  slot: number,
  from: ClusterMaster,
  to: ClusterMaster,
  masters: readonly ClusterMaster[],
  password: string | undefined,
): Promise<SlotMigration> {
  await to.driver.call("CLUSTER", "SETSLOT", slot, "IMPORTING", from.id);
  await from.driver.call("CLUSTER", "SETSLOT", slot, "MIGRATING", to.id);
  const known = password === undefined ? [] : ["AUTH", password];
  const moveKeys = async (count = Number.POSITIVE_INFINITY): Promise<number> => {
    let moved = 0;
    while (moved < count) {
      const most = Math.min(KEYS_AT_ONCE, count - moved);
      const keys = (await from.driver.call("CLUSTER", "GETKEYSINSLOT", slot, most)) as string[];
      if (keys.length === 0) break;
      await from.driver.call("MIGRATE", "127.0.0.1", to.port, "", 0, 5_000, ...known, "KEYS", ...keys);
      moved += keys.length;
    }
    return moved;
  };
  return {
    moveKeys,
    async finish() {
      await moveKeys();
      const others = masters.filter((master) => master !== to && master !== from);
      for (const { driver } of [to, from, ...others]) await driver.call("CLUSTER", "SETSLOT", slot, "NODE", to.id);
    },
  };
}
