import type { Clock } from "./clock.ts";

/** What a router promises, and asks, about signs of life. */
export interface LivenessTerms {
  /** A consumer silent for this long is taken for dead. */
  readonly leaseMs: number;
  /** The router sends something this often. */
  readonly heartbeatMs: number;
}

/** A third, so that two signs may be lost or late. */
const SIGNS_PER_LEASE = 3;
const MISSED_HEARTBEATS = 3;

/** Gives signs of life on a stream, and watches for the router's. One timer. */
export class StreamLiveness {
  readonly #terms: LivenessTerms;
  readonly #clock: Clock;
  readonly #giveSign: () => void;
  readonly #onSilence: (silentMs: number) => void;
  #lastHeardMs: number;
  #timer: unknown;

  /**
   * @param giveSign sends a frame
   * @param onSilence called when the router has been silent for three heartbeats
   */
  constructor(terms: LivenessTerms, clock: Clock, giveSign: () => void, onSilence: (silentMs: number) => void) {
    this.#terms = terms;
    this.#clock = clock;
    this.#giveSign = giveSign;
    this.#onSilence = onSilence;
    this.#lastHeardMs = clock.now();
    this.#schedule();
  }

  /** The router sent something. */
  heard(): void {
    this.#lastHeardMs = this.#clock.now();
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer);
  }

  #schedule(): void {
    const { leaseMs, heartbeatMs } = this.#terms;
    const everyMs = Math.max(1, Math.min(leaseMs / SIGNS_PER_LEASE, heartbeatMs));
    this.#timer = this.#clock.setTimeout(() => {
      const silentMs = this.#clock.now() - this.#lastHeardMs;
      if (silentMs > heartbeatMs * MISSED_HEARTBEATS) {
        this.#onSilence(silentMs);
        return;
      }
      this.#giveSign();
      this.#schedule();
    }, everyMs);
  }
}
