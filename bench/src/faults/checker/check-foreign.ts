import type { RunHistory } from "./run-history.ts";
import type { Violation } from "./violation.ts";

/** Nothing comes that was not sent, and what comes has an id that its receipts name, however often Redis lost and got it again. */
export function checkForeign({ records }: RunHistory): Violation[] {
  const found: Violation[] = [];
  for (const { key, sent, acks, deliveries } of records.values()) {
    for (const delivered of [...deliveries.values()].flat()) {
      if (sent === undefined) {
        found.push({ invariant: "foreign-message", what: `${key} came and was never sent`, events: [delivered] });
      } else if (acks.length > 0 && !acks.some(({ id }) => id === delivered.id)) {
        const what = `${key} came as ${delivered.id}, and was acknowledged as ${acks.map(({ id }) => id).join(", ")}`;
        found.push({ invariant: "foreign-message", what, events: [...acks, delivered] });
      }
    }
  }
  return found;
}
