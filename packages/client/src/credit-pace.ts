/** Bounds of a {@link CreditPace}, in messages. */
export interface CreditPaceLimits {
  readonly min: number;
  readonly max: number;
}

/** A stock that lasts shorter than this is doubled. */
const SHORT_MS = 500;
/** A stock that lasts longer than this is halved. */
const LONG_MS = 2_000;

/**
 * How many messages a consumer with handlers should hold: about what it handles in a second. Fast handlers must not wait
 * for the network; slow ones must not sit on messages that other consumers could handle now. Nobody knows beforehand which
 * they are, so it starts small and doubles while a stock is used up fast.
 */
export class CreditPace {
  readonly #limits: CreditPaceLimits;
  readonly #now: () => number;
  #target: number;
  #settled = 0;
  #sinceMs: number;

  /** @param now milliseconds since any fixed point */
  constructor(limits: CreditPaceLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
    this.#target = limits.min;
    this.#sinceMs = now();
  }

  /** How many to hold now. */
  get target(): number {
    return this.#target;
  }

  /** Messages were settled. */
  settle(messages: number): void {
    this.#settled += messages;
    if (this.#settled < this.#target) return;
    const nowMs = this.#now();
    const tookMs = nowMs - this.#sinceMs;
    if (tookMs < SHORT_MS) this.#target = Math.min(this.#limits.max, this.#target * 2);
    else if (tookMs > LONG_MS) this.#target = Math.max(this.#limits.min, Math.floor(this.#target / 2));
    this.#settled = 0;
    this.#sinceMs = nowMs;
  }
}
