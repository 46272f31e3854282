import type { Clock } from "./clock.ts";

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

  /** Rings at a time by the clock, unless it rings before that anyway. What is weeks away, it may ring for too early. */
  ringAt(atMs: number): void {
    if (atMs >= this.#atMs) return;
    this.clear();
    this.#atMs = atMs;
    this.#timer = this.#clock.setTimeout(
      () => {
        this.#atMs = Number.POSITIVE_INFINITY;
        this.#onRing();
      },
      Math.max(0, atMs - this.#clock.now()),
    );
  }

  /** Does not ring, until it is asked to again. */
  clear(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#atMs = Number.POSITIVE_INFINITY;
  }
}
