import type { Keys } from "./keys.ts";
import { PARTITIONS } from "./partition.ts";
import type { RedisClient } from "./redis-client.ts";

/** Which addresses are in use, partition by partition. */
export class PartitionAddresses {
  readonly #connection: RedisClient;
  readonly #keys: Keys;

  constructor(connection: RedisClient, keys: Keys) {
    this.#connection = connection;
    this.#keys = keys;
  }

  /** How many addresses each partition has. @throws ChappeError */
  counts(): Promise<readonly number[]> {
    const sets = Array.from({ length: PARTITIONS }, (_, partition) => this.#keys.addresses(partition));
    return Promise.all(sets.map(async (set) => Number(await this.#connection.call("SCARD", set))));
  }

  /** Addresses of one partition after the other, each partition's in their order. @throws ChappeError */
  async *lists(counts: readonly number[], first = 0): AsyncIterable<readonly [number, readonly string[]]> {
    for (let partition = first; partition < PARTITIONS; partition++) {
      if (counts[partition] === 0) continue;
      const members = (await this.#connection.call("SMEMBERS", this.#keys.addresses(partition))) as readonly Buffer[];
      yield [partition, members.map(String).toSorted()];
    }
  }
}
