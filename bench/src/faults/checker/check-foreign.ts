import type { RunHistory } from "./run-history.ts";
import type { Violation } from "./violation.ts";

/** Nothing comes that was not sent, and what comes has the id that its receipt names. */
export function checkForeign({ records }: RunHistory): Violation[] {
  const found: Violation[] = [];
  for (const { key, sent, acked, deliveries } of records.values()) {
    for (const delivered of [...deliveries.values()].flat()) {
      if (sent === undefined) {
        found.push({ invariant: "foreign-message", what: `${key} came and was never sent`, events: [delivered] });
      } else if (acked !== undefined && acked.id !== delivered.id) {
        const what = `${key} came as ${delivered.id}, and was acknowledged as ${acked.id}`;
        found.push({ invariant: "foreign-message", what, events: [acked, delivered] });
      }
    }
  }
  return found;
}
