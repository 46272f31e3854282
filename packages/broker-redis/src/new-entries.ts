import { ChappeError } from "@chappe/message";
import type { RedisClient } from "./redis-client.ts";
import type { SubscriptionPlace } from "./subscription-place.ts";

/**
 * Entries of each stream that one command for many asks for. Together they are one answer, which holds up Redis until it
 * is made; who has more waiting gets it by a command of its own.
 */
const COUNT_TOGETHER = 2;

/** Streams in one command. */
const MAX_STREAMS = 64;

/** As XREADGROUP answers: an id, and fields with their values. With an ordering key there is a second: the entry before. */
export type ReadEntry = readonly [
  id: Buffer,
  fields: readonly [field: Buffer, value: Buffer, secondField?: Buffer, after?: Buffer],
];

interface Waiting {
  readonly place: SubscriptionPlace;
  readonly limit: number;
  readonly resolve: (entries: readonly ReadEntry[] | Promise<readonly ReadEntry[]>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Claims what nobody has owned yet. A router of many receivers looks into many streams in each turn of the event loop;
 * into those of one group and scope, as receivers' are, it looks with one command.
 */
export class NewEntries {
  readonly #connection: RedisClient;
  readonly #instance: string;
  /** By scope and group, then by stream. */
  #waiting = new Map<string, Map<string, Waiting>>();

  constructor(connection: RedisClient, instance: string) {
    this.#connection = connection;
    this.#instance = instance;
  }

  /** Up to `limit` entries, oldest first. @throws ChappeError, NOGROUP as its cause where the subscription is gone */
  read(place: SubscriptionPlace, limit: number): Promise<readonly ReadEntry[]> {
    if (this.#waiting.size === 0) this.#connection.beforeWrite(() => this.#readWaiting());
    const key = `${place.scope} ${place.group}`;
    let streams = this.#waiting.get(key);
    if (streams === undefined) this.#waiting.set(key, (streams = new Map()));
    if (streams.has(place.keys.stream)) return this.#readOne(place, limit);
    return new Promise((resolve, reject) => streams.set(place.keys.stream, { place, limit, resolve, reject }));
  }

  #readWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = new Map();
    for (const streams of waiting.values()) {
      const all = [...streams.values()];
      for (let from = 0; from < all.length; from += MAX_STREAMS) this.#readAll(all.slice(from, from + MAX_STREAMS));
    }
  }

  #readAll(waiting: readonly Waiting[]): void {
    const [first] = waiting;
    if (first === undefined) return;
    if (waiting.length === 1) first.resolve(this.#readOne(first.place, first.limit));
    else void this.#readTogether(first.place.group, waiting);
  }

  async #readTogether(group: string, waiting: readonly Waiting[]): Promise<void> {
    const count = Math.min(COUNT_TOGETHER, ...waiting.map(({ limit }) => limit));
    try {
      const found = await this.#read(
        group,
        count,
        waiting.map(({ place }) => place.keys.stream),
      );
      for (const { place, limit, resolve } of waiting) {
        const entries = found.get(place.keys.stream) ?? [];
        const full = entries.length >= count && count < limit;
        resolve(full ? this.#readRest(place, limit, entries) : entries);
      }
    } catch (error) {
      // Redis looks at all streams and groups before it reads any. What it refused for one, the others shall have.
      const refused = ChappeError.from(error).code !== "UNAVAILABLE";
      for (const { place, limit, resolve, reject } of waiting) {
        if (refused) resolve(this.#readOne(place, limit));
        else reject(error);
      }
    }
  }

  async #readRest(
    place: SubscriptionPlace,
    limit: number,
    entries: readonly ReadEntry[],
  ): Promise<readonly ReadEntry[]> {
    return [...entries, ...(await this.#readOne(place, limit - entries.length))];
  }

  async #readOne({ group, keys }: SubscriptionPlace, limit: number): Promise<readonly ReadEntry[]> {
    return (await this.#read(group, limit, [keys.stream])).get(keys.stream) ?? [];
  }

  async #read(
    group: string,
    count: number,
    streams: readonly string[],
  ): Promise<ReadonlyMap<string, readonly ReadEntry[]>> {
    const after = streams.map(() => ">");
    const answer = (await this.#connection.call(
      ...["XREADGROUP", "GROUP", group, this.#instance, "COUNT", count, "STREAMS", ...streams, ...after],
    )) as readonly (readonly [stream: Buffer, entries: readonly ReadEntry[]])[] | null;
    return new Map((answer ?? []).map(([stream, entries]) => [String(stream), entries]));
  }
}
