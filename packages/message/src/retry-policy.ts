/** How a message that failed is tried again. */
export interface RetryPolicy {
  /**
   * How often it is handed out at most, the first time included; then it goes to the dead letters. 1 to 65,535.
   *
   * @default 5
   */
  readonly maxAttempts: number;
  /** Shortest delay, milliseconds. @default 1,000 */
  readonly minDelayMs: number;
  /** Longest delay, milliseconds. @default 600,000 (10 minutes) */
  readonly maxDelayMs: number;
}

/** The policy of a router that is told nothing else. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = { maxAttempts: 5, minDelayMs: 1000, maxDelayMs: 600_000 };

/**
 * How long to wait before the next attempt, in whole milliseconds: anywhere between `minDelayMs` and a ceiling that
 * doubles with each attempt, up to `maxDelayMs`. Drawing from the whole range ("full jitter") keeps messages that
 * failed together from coming back together.
 *
 * @param attempt the attempt that failed: 1, 2, 3, …
 * @param random a number from 0 to below 1
 */
export function retryDelayMs(policy: RetryPolicy, attempt: number, random: () => number = Math.random): number {
  const { minDelayMs, maxDelayMs } = policy;
  const ceilingMs = Math.max(minDelayMs, Math.min(maxDelayMs, minDelayMs * 2 ** attempt));
  return Math.round(minDelayMs + random() * (ceilingMs - minDelayMs));
}
