import type { AddressList, AddressState, DeadLetter, SubscriptionName, SubscriptionState } from "@chappe/broker";
import { groupsOf } from "./consumer-groups.ts";
import { letterOf } from "./dead-letters.ts";
import type { Keys } from "./keys.ts";
import { PartitionAddresses } from "./partition-addresses.ts";
import type { RedisClient, Reply } from "./redis-client.ts";
import { type Fields, fieldsOf } from "./reply-fields.ts";
import { millisecondsOf, type StreamEntry } from "./stream-entry.ts";
import { groupOf, isTopic } from "./subscription-place.ts";

/** Shows what addresses hold. Reads only. */
export class Inspection {
  readonly #connection: RedisClient;
  readonly #keys: Keys;
  readonly #addresses: PartitionAddresses;

  constructor(connection: RedisClient, keys: Keys) {
    this.#connection = connection;
    this.#keys = keys;
    this.#addresses = new PartitionAddresses(connection, keys);
  }

  /** See `Inspectable.addresses`. @throws ChappeError */
  async addresses(limit: number): Promise<AddressList> {
    const counts = await this.#addresses.counts();
    const found: string[] = [];
    for await (const [, addresses] of this.#addresses.lists(counts)) {
      found.push(...addresses);
      if (found.length >= limit) break;
    }
    return { total: counts.reduce((sum, count) => sum + count, 0), addresses: found.slice(0, limit) };
  }

  /** See `Inspectable.inspect`. @throws ChappeError */
  async inspect(address: string): Promise<AddressState | undefined> {
    const { stream, meta, delayed } = this.#keys.address(address);
    const [known, groups, time, waiting] = await Promise.all([
      this.#connection.call("HGETALL", meta),
      groupsOf(this.#connection, stream),
      this.#connection.call("TIME"),
      this.#connection.call("ZCARD", delayed),
    ]);
    const [seconds, microseconds] = (time as readonly Buffer[]).map(Number) as [number, number];
    const nowMs = seconds * 1_000 + Math.floor(microseconds / 1_000);
    const { epoch, published, publishedBytes } = fieldsOf(known);
    if (epoch === undefined) return undefined;
    const groupsByName = new Map(groups?.map((group) => [group["name"], group]));
    const names = isTopic(address) ? [...groupsByName.keys()].map(String) : [""];
    const total = numberOf(published);
    const states = names.map((subscription) => {
      const name = { address, subscription };
      return this.#stateOf(name, total, groupsByName.get(groupOf(name)), nowMs);
    });
    return {
      address,
      epoch,
      published: total,
      publishedBytes: numberOf(publishedBytes),
      delayed: Number(waiting),
      subscriptions: await Promise.all(states),
    };
  }

  /** See `Inspectable.deadLetters`. @throws ChappeError */
  async deadLetters(name: SubscriptionName, limit: number): Promise<readonly DeadLetter[]> {
    if (limit <= 0) return [];
    const { dead } = this.#keys.subscription(name);
    const found = await this.#connection.call("XRANGE", dead, "-", "+", "COUNT", limit);
    return (found as unknown as readonly StreamEntry[]).flatMap((entry) => letterOf(entry) ?? []);
  }

  async #stateOf(
    name: SubscriptionName,
    published: number,
    group: Fields | undefined,
    nowMs: number,
  ): Promise<SubscriptionState> {
    const { stream, subscription, retries, waiting } = this.#keys.subscription(name);
    const unread = `(${group?.["last-delivered-id"] ?? "0"}`;
    const [counted, inHand, delayed, nextUnread, nextDue, oldestHeld] = await Promise.all([
      this.#connection.call("HGETALL", subscription),
      this.#connection.call("XLEN", retries),
      this.#connection.call("ZCARD", waiting),
      this.#connection.call("XRANGE", stream, unread, "+", "COUNT", 1),
      this.#connection.call("ZRANGE", waiting, 0, 0, "WITHSCORES"),
      numberOf(group?.["pending"]) > 0 ? this.#oldestPendingMs(stream, name) : undefined,
    ]);
    const { base, acked, retried, dead, expired, trimmed, redriven, purged, deadDropped } = fieldsOf(counted);
    const settled = numberOf(acked) + numberOf(dead) + numberOf(expired);
    const gone = settled + numberOf(trimmed) + numberOf(purged) - numberOf(redriven);
    const open = Math.max(0, published - numberOf(base) - gone);
    const [firstUnread] = nextUnread as readonly (readonly [Buffer, Reply])[];
    // What somebody else trimmed away was published and is never settled: then nothing is there, whatever was counted.
    const nothing = firstUnread === undefined && oldestHeld === undefined;
    const dueMs = Number((nextDue as readonly Buffer[])[1] ?? Number.POSITIVE_INFINITY);
    const oldestMs = Math.min(
      oldestHeld ?? Number.POSITIVE_INFINITY,
      firstUnread === undefined ? Number.POSITIVE_INFINITY : millisecondsOf(firstUnread[0]),
      dueMs <= nowMs ? dueMs : Number.POSITIVE_INFINITY,
      inHand === 0 ? Number.POSITIVE_INFINITY : ((await this.#oldestPendingMs(retries, name)) ?? nowMs),
    );
    return {
      subscription: name.subscription,
      depth: nothing && inHand === 0 && delayed === 0 ? 0 : open,
      acked: numberOf(acked),
      retried: numberOf(retried),
      dead: numberOf(dead),
      expired: numberOf(expired),
      trimmed: numberOf(trimmed),
      purged: numberOf(purged),
      redriven: numberOf(redriven),
      deadDropped: numberOf(deadDropped),
      // Ids run ahead of a clock that was set back.
      oldestAgeMs: oldestMs === Number.POSITIVE_INFINITY ? undefined : Math.max(0, nowMs - oldestMs),
    };
  }

  /** When the oldest entry of a stream that somebody holds came there; undefined when nobody holds any. */
  async #oldestPendingMs(stream: string, name: SubscriptionName): Promise<number | undefined> {
    const [, oldest] = (await this.#connection.call("XPENDING", stream, groupOf(name))) as readonly (Buffer | null)[];
    return oldest ? millisecondsOf(oldest) : undefined;
  }
}

function numberOf(text: string | undefined): number {
  return Number(text ?? 0);
}
