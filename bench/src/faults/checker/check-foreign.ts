import { isFlagged } from "../history/history-event.ts";
import type { RunHistory } from "./run-history.ts";
import type { Violation } from "./violation.ts";

/**
 * Nothing comes that was not sent, and what comes has an id that its receipts name. But for what was sent twice with one
 * deduplication id before Redis was emptied and forgot that: the second, which was stored nowhere, may be sent again after it, under an id
 * of its own, and says that it may be a repeat.
 */
export function checkForeign({ records, wipesMs }: RunHistory): Violation[] {
  const found: Violation[] = [];
  for (const { key, sent, acks, deliveries } of records.values()) {
    for (const delivered of [...deliveries.values()].flat()) {
      if (sent === undefined) {
        found.push({ invariant: "foreign-message", what: `${key} came and was never sent`, events: [delivered] });
      } else if (acks.length > 0 && !acks.some(({ id }) => id === delivered.id)) {
        const refused = acks.find(({ duplicate }) => duplicate);
        const isWipedSince =
          refused !== undefined && wipesMs.some((atMs) => atMs > refused.atMs && atMs < delivered.atMs);
        if (isWipedSince && isFlagged(delivered)) continue;
        const what = `${key} came as ${delivered.id}, and was acknowledged as ${acks.map(({ id }) => id).join(", ")}`;
        found.push({ invariant: "foreign-message", what, events: [...acks, delivered] });
      }
    }
  }
  return found;
}
