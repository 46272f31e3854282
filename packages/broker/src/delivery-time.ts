import { type BatchHeader, ChappeError } from "@chappe/message";

/** A year: what is to come later belongs in a calendar, and a time in the wrong unit is noticed. */
const MAX_DELAY_MS = 365 * 86_400_000;

/**
 * Checks that a batch may wait for its `deliver_at_unix_ms`.
 *
 * @param canWait whether the store keeps delayed messages
 * @throws ChappeError INVALID_ARGUMENT for a time more than a year ahead, or when the message expires by then, for an ordering
 * key beside it, and for more than one message; UNIMPLEMENTED for a store that cannot keep it
 */
export function checkDeliveryTime(header: BatchHeader, nowMs: number, canWait: boolean): void {
  const { deliverAtMs, firstTimeMs, ttlMs, orderingKey, count } = header;
  if (deliverAtMs === 0) return;
  const what = `deliver_at_unix_ms ${deliverAtMs}`;
  if (!canWait) throw new ChappeError("UNIMPLEMENTED", `${what}: this store keeps no delayed messages; leave it 0`);
  if (deliverAtMs > nowMs + MAX_DELAY_MS) {
    const latest = new Date(nowMs + MAX_DELAY_MS).toISOString();
    throw invalid(`${what} is more than 365 days ahead; allowed is up to ${nowMs + MAX_DELAY_MS} (${latest})`);
  }
  if (ttlMs > 0 && firstTimeMs + ttlMs <= deliverAtMs) {
    throw invalid(`${what} is not before the message expires, at ${firstTimeMs + ttlMs}: let ttl_ms reach beyond it`);
  }
  if (orderingKey !== "") {
    throw invalid(`${what} with an ordering_key: a delayed message has no place in an order; give one of the two`);
  }
  if (count > 1) throw invalid(`${what} in a batch of ${count} messages; only 1 is allowed`);
}

function invalid(problem: string): ChappeError {
  return new ChappeError("INVALID_ARGUMENT", problem);
}
