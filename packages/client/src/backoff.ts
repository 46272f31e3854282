/** Bounds of the pauses of a {@link Backoff}. */
export interface BackoffLimits {
  /** Ceiling of the first pause, milliseconds. It doubles with each failure. */
  readonly firstMs: number;
  /** Ceiling of all pauses, milliseconds. */
  readonly maxMs: number;
}

/**
 * The pauses between attempts at the same thing: anywhere between nothing and a ceiling that doubles ("full jitter"), so
 * that clients which lost the same router do not come back in step.
 */
export class Backoff {
  readonly #limits: BackoffLimits;
  readonly #random: () => number;
  #failures = 0;

  /** @param random 0 ≤ random() < 1 */
  constructor(limits: BackoffLimits, random: () => number) {
    this.#limits = limits;
    this.#random = random;
  }

  /** Counts a failure. Returns how long to wait before the next attempt, in whole milliseconds. */
  next(): number {
    const { firstMs, maxMs } = this.#limits;
    const ceilingMs = Math.min(maxMs, firstMs * 2 ** this.#failures++);
    return Math.floor(this.#random() * ceilingMs);
  }

  /** Call after a success: the next pause is a first one again. */
  reset(): void {
    this.#failures = 0;
  }
}
