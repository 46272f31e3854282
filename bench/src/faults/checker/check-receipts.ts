import type { RunHistory } from "./run-history.ts";
import type { Violation } from "./violation.ts";

/**
 * A receipt names the durability that was asked for; and all receipts of one message, which was sent twice with one
 * deduplication id, name the one that was stored. An id is forgotten with its address's history, so within one epoch.
 */
export function checkReceipts({ records }: RunHistory): Violation[] {
  const found: Violation[] = [];
  for (const { key, sent, acks } of records.values()) {
    const wrong = acks.find(({ durability }) => durability !== sent?.durability);
    if (wrong !== undefined && sent !== undefined) {
      const what = `${key} was sent as ${sent.durability}, and acknowledged as ${wrong.durability}`;
      found.push({ invariant: "wrong-receipt", what, events: [sent, wrong] });
    }
    const [first] = acks;
    const another = acks.find(({ id, epoch }) => id !== first?.id && epoch === first?.epoch);
    if (first !== undefined && another !== undefined) {
      const what = `${key} has one deduplication id, and was stored as ${first.id} and as ${another.id}`;
      found.push({ invariant: "wrong-receipt", what, events: [first, another] });
    }
  }
  return found;
}
