import type { Clock } from "./clock.ts";

/** A timer cannot be set for longer: it would go off at once. */
const MAX_TIMER_MS = 2_147_483_647;

/** One timer for the earliest of the times it is asked for. */
export class Alarm {
  readonly #clock: Clock;
  readonly #onRing: () => void;
  #timer: unknown;
  #atMs = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, onRing: () => void) {
    this.#clock = clock;
    this.#onRing = onRing;
  }

  /** Rings at a time by the clock, unless it rings before that anyway. What is 24 days away, it rings for too early. */
  ringAt(atMs: number): void {
    if (atMs >= this.#atMs) return;
    this.clear();
    this.#atMs = atMs;
    this.#timer = this.#clock.setTimeout(
      () => {
        this.#atMs = Number.POSITIVE_INFINITY;
        this.#onRing();
      },
      Math.min(MAX_TIMER_MS, Math.max(0, atMs - this.#clock.now())),
    );
  }

  /** Does not ring, until it is asked to again. */
  clear(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#atMs = Number.POSITIVE_INFINITY;
  }
}
