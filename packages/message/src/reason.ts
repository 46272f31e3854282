import { MAX_REASON_BYTES } from "./limits.ts";

/** The first 1 KiB of why a message failed or was rejected: a reason may be a whole stack trace. No character is cut in two. */
export function cutReason(reason: string): string {
  if (Buffer.byteLength(reason) <= MAX_REASON_BYTES) return reason;
  // A character that is cut in two reads as U+FFFD.
  return Buffer.from(reason)
    .toString("utf8", 0, MAX_REASON_BYTES)
    .replace(/\uFFFD+$/, "");
}
