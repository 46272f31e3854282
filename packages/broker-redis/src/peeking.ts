import { MAX_PEEKED_BYTES, type PeekedEntry, type SubscriptionName } from "@chappe/broker";
import { groupsOf } from "./consumer-groups.ts";
import { FREE } from "./entry-holders.ts";
import type { Keys } from "./keys.ts";
import type { RedisClient } from "./redis-client.ts";
import { decodeProgress, sizeOf } from "./settled-marks.ts";
import { unpackEntry } from "./stored-entry.ts";
import { millisecondsOf, type StreamEntry, valuesOf } from "./stream-entry.ts";
import { groupOf, isTopic } from "./subscription-place.ts";

/** Entries read at a time from each of the places where messages wait. */
const READ_AT_ONCE = 16;

/** As XPENDING answers. */
type Pending = readonly [id: Buffer, consumer: Buffer, idleMs: number, deliveries: number];

type Entries = AsyncGenerator<PeekedEntry, void, void>;

/** Looks at what waits, and takes nothing. */
export class Peeking {
  readonly #connection: RedisClient;
  readonly #keys: Keys;

  constructor({ connection, keys }: { readonly connection: RedisClient; readonly keys: Keys }) {
    this.#connection = connection;
    this.#keys = keys;
  }

  /** See `Administration.peek`. @throws ChappeError */
  async peek(name: SubscriptionName, limit: number): Promise<readonly PeekedEntry[]> {
    const { stream, retries } = this.#keys.subscription(name);
    const read = await this.#lastDelivered(stream, groupOf(name));
    // A topic keeps what none of these subscriptions waits for.
    if (read === undefined && isTopic(name.address)) return [];
    const places: Entries[] = [this.#unread(stream, read ?? "0-0"), this.#retries(name)];
    if (read !== undefined) places.push(this.#pending(name, stream, ""));
    if ((await this.#lastDelivered(retries, groupOf(name))) !== undefined)
      places.push(this.#pending(name, retries, "r"));
    const peeked: PeekedEntry[] = [];
    let messages = 0;
    let bytes = 0;
    for await (const entry of oldestFirst(places)) {
      peeked.push(entry);
      messages += entry.count - sizeOf(entry.settled);
      bytes += entry.records.length;
      if (messages >= limit || bytes >= MAX_PEEKED_BYTES) break;
    }
    return peeked;
  }

  /** Undefined where the group is not there. */
  async #lastDelivered(stream: string, group: string): Promise<string | undefined> {
    const groups = await groupsOf(this.#connection, stream);
    return groups?.find(({ name }) => name === group)?.["last-delivered-id"];
  }

  async *#unread(stream: string, read: string): Entries {
    let last = read;
    for (;;) {
      const found = await this.#connection.call("XRANGE", stream, `(${last}`, "+", "COUNT", READ_AT_ONCE);
      const entries = found as unknown as readonly StreamEntry[];
      for (const entry of entries) {
        last = String(entry[0]);
        const stored = unpackEntry(valuesOf(entry)["b"] ?? Buffer.alloc(0));
        if (stored === undefined) continue;
        yield { ...stored, settled: [], state: "waiting", holder: undefined, sinceMs: millisecondsOf(last) };
      }
      if (entries.length < READ_AT_ONCE) return;
    }
  }

  async *#pending(name: SubscriptionName, key: string, refPrefix: string): Entries {
    const { progress } = this.#keys.subscription(name);
    for (let from = "-"; ; ) {
      const found = await this.#connection.call("XPENDING", key, groupOf(name), from, "+", READ_AT_ONCE);
      const pending = found as unknown as readonly Pending[];
      const values = await Promise.all(
        pending.flatMap(([id]) => [
          this.#connection.call("XRANGE", key, id, id),
          this.#connection.call("HGET", progress, `${refPrefix}${String(id)}`),
        ]),
      );
      for (const [index, [id, consumer]] of pending.entries()) {
        from = `(${String(id)}`;
        const [entry] = values[2 * index] as unknown as readonly StreamEntry[];
        const marks = values[2 * index + 1] as Buffer | null;
        const stored = entry && unpackEntry(valuesOf(entry)["b"] ?? Buffer.alloc(0));
        if (stored === undefined) continue;
        const settled = marks === null ? [] : decodeProgress(String(marks), 0).settled;
        const holder = String(consumer) === FREE ? undefined : String(consumer);
        const state = holder === undefined ? "waiting" : "held";
        yield { ...stored, settled, state, holder, sinceMs: millisecondsOf(id) };
      }
      if (pending.length < READ_AT_ONCE) return;
    }
  }

  async *#retries(name: SubscriptionName): Entries {
    const { waiting } = this.#keys.subscription(name);
    for (let from = 0; ; from += READ_AT_ONCE) {
      const to = from + READ_AT_ONCE - 1;
      const found = (await this.#connection.call("ZRANGE", waiting, from, to, "WITHSCORES")) as readonly Buffer[];
      for (let at = 0; at + 1 < found.length; at += 2) {
        const member = found[at] as Buffer;
        const stored = unpackEntry(member.subarray(member.indexOf(0x0a) + 1));
        if (stored === undefined) continue;
        yield { ...stored, settled: [], state: "retry", holder: undefined, sinceMs: Number(found[at + 1]) };
      }
      if (found.length < 2 * READ_AT_ONCE) return;
    }
  }
}

/** Merges what comes from places that are each in order. */
async function* oldestFirst(places: readonly Entries[]): Entries {
  const heads = await Promise.all(places.map(async (entries) => ({ entries, head: await entries.next() })));
  for (;;) {
    let oldest: (typeof heads)[number] | undefined;
    for (const place of heads) {
      if (place.head.done === true) continue;
      if (oldest === undefined || place.head.value.sinceMs < (oldest.head.value as PeekedEntry).sinceMs) oldest = place;
    }
    if (oldest === undefined) return;
    yield oldest.head.value as PeekedEntry;
    oldest.head = await oldest.entries.next();
  }
}
