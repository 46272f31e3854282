import { Backoff, type BackoffLimits } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import type { Producer } from "./producer.ts";
import type { SendLine } from "./send-line.ts";

interface Held {
  readonly backoff: Backoff;
  timer: unknown;
}

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

/** Producers whose last batch met an error that may pass: each pauses before it tries again. */
export class HeldProducers {
  readonly #parts: HeldProducersParts;
  readonly #held = new Map<Producer, Held>();

  constructor(parts: HeldProducersParts) {
    this.#parts = parts;
  }

  /** Whether the producer has had trouble since its last success. */
  isTroubled(producer: Producer): boolean {
    return this.#held.has(producer);
  }

  /** Notes trouble that a pause will not mend: the next one pauses. */
  note(producer: Producer): void {
    if (!this.#held.has(producer)) {
      this.#held.set(producer, { backoff: new Backoff(this.#parts.limits, this.#parts.random), timer: undefined });
    }
  }

  /** Lets the producer pause, longer each time. */
  hold(producer: Producer): void {
    this.note(producer);
    const held = this.#held.get(producer) as Held;
    if (producer.isHeld) return;
    this.#parts.line.hold(producer);
    held.timer = this.#parts.clock.setTimeout(() => {
      this.#parts.line.release(producer);
      this.#parts.onReleased();
    }, held.backoff.next());
  }

  /** The producer had a success. */
  succeed(producer: Producer): void {
    // Nearly always there is no trouble at all.
    if (this.#held.size === 0) return;
    this.#drop(producer);
  }

  /** Calls every timer off. */
  clear(): void {
    for (const producer of this.#held.keys()) this.#drop(producer);
  }

  #drop(producer: Producer): void {
    const held = this.#held.get(producer);
    if (held === undefined) return;
    this.#held.delete(producer);
    this.#parts.clock.clearTimeout(held.timer);
    if (producer.isHeld) this.#parts.line.release(producer);
  }
}
