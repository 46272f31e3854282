import calculateSlot from "cluster-key-slot";

/** Number of partitions. Enough to spread the addresses of one deployment over any cluster, few enough to share scripts within one. */
export const PARTITIONS = 256;

/**
 * The partition of an address, 0 to 255: CRC16 of its bytes, modulo 256. All keys of a partition share one hash tag, and
 * so one slot of a cluster, so that a script may touch any of them.
 */
export function partitionOf(address: string): number {
  return calculateSlot(address) % PARTITIONS;
}
