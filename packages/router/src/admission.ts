import { type Batch, ChappeError, checkBatch } from "@chappe/message";

/** Header fields that mean something, and that no broker acts on yet. To ignore one silently would be a lie. */
const NOT_YET = [
  ["ttlMs", "ttl_ms"],
  ["deliverAtMs", "deliver_at_unix_ms"],
  ["deduplicationId", "deduplication_id"],
] as const;

/**
 * Looks at a batch before the broker gets it: names, limits, and that its records are as many as it says. Bodies stay
 * unread.
 *
 * @throws ChappeError INVALID_ARGUMENT that says what is wrong and where; UNIMPLEMENTED for an option that is not
 * there yet
 */
export function admitBatch(batch: Batch, limits: { readonly maxMessageBytes: number }): void {
  checkBatch(batch, limits);
  for (const [field, name] of NOT_YET) {
    if (batch.header[field]) throw new ChappeError("UNIMPLEMENTED", `${name} is not supported yet: leave it unset`);
  }
}
