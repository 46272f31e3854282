import { decodeBatchHeader, readMessages, recordOffsets } from "@chappe/message";
import type { DeadLetter, Entry, Range, Retry, Settlement, Store, SubscriptionName } from "../store.ts";
import type { Stage } from "./stage.ts";

/** A receiver's only subscription. */
export const QUEUE: SubscriptionName = { address: "receiver:receiver-01", subscription: "" };

/** A subscription of a topic. */
export const BILLING: SubscriptionName = { address: "topic:orders", subscription: "billing" };

/** Another one of the same topic. */
export const AUDIT: SubscriptionName = { ...BILLING, subscription: "audit" };

/** A new instance that has opened a subscription. */
export async function connectTo(stage: Stage, name: SubscriptionName): Promise<Store> {
  const store = await stage.connect();
  await store.open(name, "earliest");
  return store;
}

/** Bodies of an entry's messages that no earlier owner had settled. */
export function textsOf(entry: Entry): string[] {
  const header = decodeBatchHeader(entry.headerBytes);
  const { records, first, count, settled } = entry;
  return readMessages({ header, records, first, count })
    .map((message) => message.text())
    .filter((_, index) => !settled.some(({ from, to }) => index >= from && index < to));
}

/** Every message of the entry is acked. */
export function removal(entry: Entry, more: Partial<Settlement> = {}): Settlement {
  return {
    ref: entry.ref,
    action: "remove",
    settled: [],
    setback: undefined,
    retries: [],
    deadLetters: [],
    ackedMessages: entry.count,
    ackedBytes: entry.records.length,
    expiredMessages: 0,
    ...more,
  };
}

/** Some messages of the entry are settled; the rest stays, or goes back. */
export function progress(
  entry: Entry,
  action: "keep" | "return",
  settled: readonly Range[],
  more: Partial<Settlement> = {},
): Settlement {
  return removal(entry, { action, settled, ackedMessages: 0, ackedBytes: 0, ...more });
}

/** One message of the entry, on its own for another try. */
export function retryOf(entry: Entry, index: number, delayMs: number): Retry {
  const { attempt, crashes, redriven } = entry;
  return { ...messageOf(entry, index), attempt: attempt + 1, crashes, redriven, delayMs };
}

/** One message of the entry, given up. */
export function deadLetterOf(entry: Entry, index: number, reason: string): DeadLetter {
  return { ...messageOf(entry, index), attempts: entry.attempt, reason };
}

/** Everything that can be had at once: what was claimed before and is free, then what nobody has claimed yet. */
export async function takeNow(store: Store, name: SubscriptionName, limit = 1_000): Promise<Entry[]> {
  const { entries } = await store.sweep(name, limit);
  return [...entries, ...(await store.claim(name, limit))];
}

/** Takes entries until there are `count`. */
export async function take(stage: Stage, store: Store, name: SubscriptionName, count: number): Promise<Entry[]> {
  const taken: Entry[] = [];
  await stage.until(`${count} entries can be had`, async () => {
    taken.push(...(await takeNow(store, name)));
    return taken.length >= count;
  });
  return taken;
}

function messageOf(entry: Entry, index: number) {
  const offsets = recordOffsets(entry.records, entry.count);
  const records = entry.records.subarray(offsets[index], offsets[index + 1]);
  return { headerBytes: entry.headerBytes, records, count: 1, first: entry.first + index };
}
