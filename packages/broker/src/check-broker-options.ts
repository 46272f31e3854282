import { ChappeError, MAX_ATTEMPTS, type RetryPolicy } from "@chappe/message";
import { MAX_TIMER_MS } from "./clock.ts";
import type { ExpiredPolicy } from "./held-entry.ts";

/** Checks `BrokerOptions.expired`. @throws ChappeError INVALID_ARGUMENT */
export function checkExpired(expired: ExpiredPolicy): ExpiredPolicy {
  if (expired === "dead-letter" || expired === "drop") return expired;
  throw invalid(`expired "${String(expired)}": allowed are "dead-letter" and "drop"`);
}

/** Checks `BrokerOptions.sweepMs`. @throws ChappeError INVALID_ARGUMENT */
export function checkSweepMs(sweepMs: number): number {
  if (sweepMs >= 1 && sweepMs <= MAX_TIMER_MS) return sweepMs;
  throw invalid(`sweepMs ${sweepMs}: must be from 1 to ${MAX_TIMER_MS}`);
}

/** Checks `BrokerOptions.retryPolicy`. @throws ChappeError INVALID_ARGUMENT */
export function checkRetryPolicy(policy: RetryPolicy): RetryPolicy {
  const { maxAttempts, minDelayMs, maxDelayMs } = policy;
  if (!(Number.isInteger(maxAttempts) && maxAttempts >= 1 && maxAttempts <= MAX_ATTEMPTS)) {
    throw invalid(`retryPolicy.maxAttempts ${maxAttempts}: must be a whole number from 1 to ${MAX_ATTEMPTS}`);
  }
  if (!(minDelayMs >= 0 && minDelayMs < Number.POSITIVE_INFINITY)) {
    throw invalid(`retryPolicy.minDelayMs ${minDelayMs}: must be a number of at least 0`);
  }
  if (maxDelayMs >= minDelayMs && maxDelayMs < Number.POSITIVE_INFINITY) return policy;
  throw invalid(`retryPolicy.maxDelayMs ${maxDelayMs}: must be a number of at least minDelayMs, ${minDelayMs}`);
}

function invalid(problem: string): ChappeError {
  return new ChappeError("INVALID_ARGUMENT", problem);
}
