import { ChappeError } from "@chappe/message";

/** Two minutes: longer than a sender tries again, restarts and tries again. */
export const DEFAULT_DEDUPLICATION_WINDOW_MS = 120_000;

const MIN_MS = 1_000;
const MAX_MS = 86_400_000;

/**
 * How long deduplication ids are remembered, checked; for stores.
 *
 * @throws ChappeError INVALID_ARGUMENT for what is not a whole number of milliseconds from 1 s to 24 h
 */
export function checkDeduplicationWindow(windowMs: number): number {
  if (Number.isInteger(windowMs) && windowMs >= MIN_MS && windowMs <= MAX_MS) return windowMs;
  throw new ChappeError(
    "INVALID_ARGUMENT",
    `deduplicationWindowMs ${windowMs}: allowed are whole numbers from ${MIN_MS} to ${MAX_MS}`,
  );
}
