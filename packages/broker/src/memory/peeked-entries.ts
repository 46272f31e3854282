import { MAX_PEEKED_BYTES, type PeekedEntry } from "../administrable.ts";
import type { Range } from "../store.ts";
import type { History } from "./history.ts";
import { sizeOf } from "./range-size.ts";
import type { StoredPart } from "./stored-part.ts";

/** What is shown of a part where it waits. */
interface Peeked {
  readonly part: StoredPart;
  readonly sinceMs: number;
  readonly attempt: number;
  readonly settled: readonly Range[];
}

/** An entry as an operator sees it. */
export function peekedEntry(
  { part, sinceMs, attempt, settled }: Peeked,
  state: PeekedEntry["state"],
  holder: string | undefined,
): PeekedEntry {
  const { headerBytes, records, count, first } = part;
  return { headerBytes, records, count, first, attempt, settled, state, holder, sinceMs };
}

/** Entries that nobody has read: up to `limit` from a position on. */
export function unreadEntries(history: History, from: number, limit: number): PeekedEntry[] {
  const found: PeekedEntry[] = [];
  for (let at = from; at < Math.min(history.end, from + limit); at++) {
    const part = history.look(at);
    const sinceMs = history.storedMs(at);
    if (part === undefined || sinceMs === undefined) continue;
    found.push(peekedEntry({ part, sinceMs, attempt: 1, settled: [] }, "waiting", undefined));
  }
  return found;
}

/** The oldest entries that hold up to `limit` messages among them, and fewer when they are large. */
export function oldestOf(entries: readonly PeekedEntry[], limit: number): PeekedEntry[] {
  let messages = 0;
  let bytes = 0;
  return entries
    .toSorted((a, b) => a.sinceMs - b.sinceMs)
    .filter(({ count, settled, records }) => {
      const isWanted = messages < limit && bytes < MAX_PEEKED_BYTES;
      messages += count - sizeOf(settled);
      bytes += records.length;
      return isWanted;
    });
}
