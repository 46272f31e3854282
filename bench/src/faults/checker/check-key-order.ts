import { DEFAULT_RETRY_POLICY } from "@chappe/message";
import type { Delivered } from "../history/history-event.ts";
import type { MessageRecord } from "./message-record.ts";
import type { RunHistory } from "./run-history.ts";
import type { Violation } from "./violation.ts";

/**
 * Messages of one sender with one ordering key come one after the other, over all consumers of a reader: each for the first time
 * after the one before it; and to another consumer when that one is over. What is lost with Redis, and sent again, is of another history.
 */
export function checkKeyOrder({ readers, records, wipesMs }: RunHistory): Violation[] {
  const found: Violation[] = [];
  for (const line of linesOf(records.values())) {
    for (const { reader, address } of readers) {
      let before: MessageRecord | undefined;
      for (const record of line) {
        if (record.address !== address || !record.deliveries.has(reader)) continue;
        if (before !== undefined && !isWipedBetween(wipesMs, before, record)) {
          const wrong = overtakes(before, record, reader);
          if (wrong !== undefined) found.push({ invariant: "key-out-of-order", ...wrong });
        }
        before = record;
      }
    }
  }
  return found;
}

/** Messages of each sender, address and key, in the order in which they were sent. */
function linesOf(records: Iterable<MessageRecord>): Iterable<readonly MessageRecord[]> {
  const keyed = [...records].filter(({ sent }) => sent?.orderingKey !== undefined);
  const inOrder = keyed.toSorted((one, other) => (one.sent?.sequence ?? 0) - (other.sent?.sequence ?? 0));
  return Map.groupBy(inOrder, ({ address, sent }) => `${sent?.sender} > ${address} ${sent?.orderingKey}`).values();
}

function isWipedBetween(wipesMs: readonly number[], before: MessageRecord, { deliveries }: MessageRecord): boolean {
  const toMs = Math.max(...[...deliveries.values()].flat().map(({ atMs }) => atMs));
  return wipesMs.some((atMs) => atMs >= (before.sent?.atMs ?? 0) && atMs <= toMs);
}

/** What is wrong with a message that came when it did, as to the one before it. Both have come. */
function overtakes(
  before: MessageRecord,
  record: MessageRecord,
  reader: string,
): { readonly what: string; readonly events: Violation["events"] } | undefined {
  const [first] = record.deliveries.get(reader) ?? [];
  const earlier = (before.deliveries.get(reader) ?? []).filter(({ atMs }) => first !== undefined && atMs <= first.atMs);
  const last = earlier.at(-1);
  if (first === undefined) return undefined;
  const { orderingKey } = record.sent ?? {};
  if (last === undefined) {
    const events = [first, ...(before.deliveries.get(reader) ?? []).slice(0, 1)];
    return { what: `${record.key} came to ${reader} before ${before.key}, with ${orderingKey} both`, events };
  }
  if (last.consumer === first.consumer || isOver(before, reader, first, earlier)) return undefined;
  const what = `${record.key} came to ${first.consumer} while ${last.consumer} had ${before.key}, with ${orderingKey} both`;
  return { what, events: [last, first] };
}

/** Acked, or given up: poison lets its key go on after the attempts with which routers are shipped. */
function isOver(before: MessageRecord, reader: string, at: Delivered, earlier: readonly Delivered[]): boolean {
  const { maxAttempts } = DEFAULT_RETRY_POLICY;
  if (before.sent?.poison !== undefined && earlier.some(({ attempt }) => attempt >= maxAttempts)) return true;
  const settlements = before.settlements.get(reader) ?? [];
  return settlements.some(({ outcome, counted, atMs }) => outcome === "ack" && counted !== false && atMs <= at.atMs);
}
