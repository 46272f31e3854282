import { type Delivered, isFlagged, keyText, readerText } from "../history/history-event.ts";
import type { RunHistory } from "./run-history.ts";
import type { Violation } from "./violation.ts";

/**
 * One sender's messages come in the order in which they were sent, where one consumer reads: what says of itself that it
 * has failed or may have been handed out before comes when it comes; everything else comes after all that was sent before
 * it. Within one run of a consumer, because another one may begin before what the first was handed is given back; and within
 * one history, because what was lost is sent again. Who gets a message again is judged elsewhere.
 */
export function checkOrder({ readers, events, wipesMs }: RunHistory): Violation[] {
  const ordered = new Set(readers.filter(({ isOrdered }) => isOrdered).map(({ reader }) => reader));
  const newest = new Map<string, Delivered>();
  const found: Violation[] = [];
  const seen = new Set<string>();
  for (const event of events) {
    if (event.kind !== "delivered" || isFlagged(event)) continue;
    const reader = readerText(event.address, event.subscription);
    if (!ordered.has(reader)) continue;
    const message = `${reader} ${keyText(event)}`;
    if (seen.has(message)) continue;
    seen.add(message);
    const line = `${event.consumer} ${reader} ${event.sender} ${wipesMs.filter((atMs) => atMs < event.atMs).length}`;
    const before = newest.get(line);
    if (before !== undefined && event.sequence < before.sequence) {
      found.push({
        invariant: "out-of-order",
        what: `${event.sender} #${event.sequence} came to ${reader} after #${before.sequence}, and had not failed`,
        events: [before, event],
      });
    } else newest.set(line, event);
  }
  return found;
}
