import { Backoff, type BackoffLimits } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import type { Producer } from "./producer.ts";
import type { SendLine } from "./send-line.ts";

/** What {@link HeldProducers} work with. */
export interface HeldProducersParts {
  readonly line: SendLine;
  readonly clock: Clock;
  readonly limits: BackoffLimits;
  /** 0 ≤ random() < 1, for jitter. */
  readonly random: () => number;
  /** Called when a producer is in line again. */
  readonly onReleased: () => void;
}

/**
 * Producers whose last batch met an error that may pass: each pauses before it tries again. Only those that pause are kept here;
 * the trouble of one that never succeeds again is forgotten with it.
 */
export class HeldProducers {
  readonly #parts: HeldProducersParts;
  readonly #timers = new Map<Producer, unknown>();
  #isClosed = false;

  constructor(parts: HeldProducersParts) {
    this.#parts = parts;
  }

  /** Whether the producer has had trouble since its last success. */
  isTroubled(producer: Producer): boolean {
    return producer.backoff !== undefined;
  }

  /** Notes trouble that a pause will not mend: the next one pauses. */
  note(producer: Producer): void {
    this.#backoffOf(producer);
  }

  /** Notes that the producer's trouble is told. Returns whether it had not been since its last success. */
  noteTold(producer: Producer): boolean {
    const isNews = !producer.isTroubleTold;
    producer.isTroubleTold = true;
    return isNews;
  }

  /** Lets the producer pause, longer each time. */
  hold(producer: Producer): void {
    const backoff = this.#backoffOf(producer);
    if (producer.isHeld || this.#isClosed) return;
    this.#parts.line.hold(producer);
    const timer = this.#parts.clock.setTimeout(() => {
      this.#release(producer);
      this.#parts.onReleased();
    }, backoff.next());
    this.#timers.set(producer, timer);
  }

  /** The producer had a success. */
  succeed(producer: Producer): void {
    // Nearly always there was no trouble at all.
    if (producer.backoff === undefined) return;
    producer.backoff = undefined;
    producer.isTroubleTold = false;
    if (producer.isHeld) this.#release(producer);
  }

  /** Calls every timer off. None is set from then on. */
  close(): void {
    this.#isClosed = true;
    for (const producer of this.#timers.keys()) this.#release(producer);
  }

  #backoffOf(producer: Producer): Backoff {
    return (producer.backoff ??= new Backoff(this.#parts.limits, this.#parts.random));
  }

  #release(producer: Producer): void {
    this.#parts.clock.clearTimeout(this.#timers.get(producer));
    this.#timers.delete(producer);
    this.#parts.line.release(producer);
  }
}
