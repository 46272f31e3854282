import { foreignPageError, type Page, type PageRequest } from "@chappe/broker";
import type { Keys } from "./keys.ts";
import { PartitionAddresses } from "./partition-addresses.ts";
import { PARTITIONS } from "./partition.ts";
import type { RedisClient } from "./redis-client.ts";

/** Where a page ended. */
interface Place {
  readonly partition: number;
  /** The last address shown of that partition. */
  readonly address: string;
}

/** Lists addresses, partition by partition, so that no page reads much more than it shows. */
export class AddressPages {
  readonly #addresses: PartitionAddresses;

  constructor({ connection, keys }: { readonly connection: RedisClient; readonly keys: Keys }) {
    this.#addresses = new PartitionAddresses(connection, keys);
  }

  /** See `Administration.listAddresses`. @throws ChappeError */
  async list(prefix: string, { after, limit }: PageRequest): Promise<Page<string>> {
    const begin = after === undefined ? { partition: 0, address: "" } : placeOf(after);
    const items: string[] = [];
    let end = begin;
    const counts = await this.#addresses.counts();
    for await (const [partition, addresses] of this.#addresses.lists(counts, begin.partition)) {
      for (const address of addresses) {
        if (!address.startsWith(prefix)) continue;
        if (partition === begin.partition && address <= begin.address) continue;
        if (items.length === limit) return { items, next: `${end.partition}:${end.address}` };
        items.push(address);
        end = { partition, address };
      }
    }
    return { items, next: undefined };
  }
}

function placeOf(after: string): Place {
  const [, partition, address] = /^(\d{1,3}):(.*)$/.exec(after) ?? [];
  if (partition === undefined || address === undefined || Number(partition) >= PARTITIONS) {
    throw foreignPageError(after);
  }
  return { partition: Number(partition), address };
}
