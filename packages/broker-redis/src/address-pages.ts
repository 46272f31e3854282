import { foreignPageError, type Page, type PageRequest } from "@chappe/broker";
import type { Keys } from "./keys.ts";
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
  readonly #connection: RedisClient;
  readonly #keys: Keys;

  constructor({ connection, keys }: { readonly connection: RedisClient; readonly keys: Keys }) {
    this.#connection = connection;
    this.#keys = keys;
  }

  /** See `Administration.listAddresses`. @throws ChappeError */
  async list(prefix: string, { after, limit }: PageRequest): Promise<Page<string>> {
    const begin = after === undefined ? { partition: 0, address: "" } : placeOf(after);
    const items: string[] = [];
    let end = begin;
    for await (const [partition, addresses] of this.#partitionsFrom(begin.partition)) {
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

  /** The addresses of each partition that has some, in their order. */
  async *#partitionsFrom(first: number): AsyncIterable<readonly [number, readonly string[]]> {
    const partitions = Array.from({ length: PARTITIONS - first }, (_, index) => first + index);
    const sizes = await Promise.all(
      partitions.map((partition) => this.#connection.call("SCARD", this.#keys.addresses(partition))),
    );
    for (const [index, partition] of partitions.entries()) {
      if (sizes[index] === 0) continue;
      const members = (await this.#connection.call("SMEMBERS", this.#keys.addresses(partition))) as readonly Buffer[];
      yield [partition, members.map(String).toSorted()];
    }
  }
}

function placeOf(after: string): Place {
  const [, partition, address] = /^(\d{1,3}):(.*)$/.exec(after) ?? [];
  if (partition === undefined || address === undefined || Number(partition) >= PARTITIONS) {
    throw foreignPageError(after);
  }
  return { partition: Number(partition), address };
}
