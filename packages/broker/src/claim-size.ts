import type { Credit } from "./broker.ts";

/** Claiming more entries than this at once would only make a reply large; the next claim follows at once anyway. */
const MAX_CLAIM = 64;

/** Entries are at most 64 KiB, or one large message: with this many bytes of credit for each, few claims overshoot. */
const BYTES_PER_CLAIMED_ENTRY = 16_384;

/** How many entries to claim for so much credit. */
export function entriesFor({ messages, bytes }: Credit): number {
  if (messages <= 0 || bytes <= 0) return 0;
  return Math.min(MAX_CLAIM, messages, Math.ceil(bytes / BYTES_PER_CLAIMED_ENTRY));
}
