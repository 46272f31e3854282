import { Backoff, type BackoffLimits } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import type { Producer } from "./producer.ts";
import type { SendLine } from "./send-line.ts";

interface Held {
  readonly backoff: Backoff;
  timer: unknown;
}

/** Producers whose last batch met an error that may pass: each pauses before it tries again. */
export class HeldProducers {
  readonly #line: SendLine;
  readonly #clock: Clock;
  readonly #limits: BackoffLimits;
  readonly #onReleased: () => void;
  readonly #held = new Map<Producer, Held>();

  /** @param onReleased called when a producer is in line again */
  constructor(line: SendLine, clock: Clock, limits: BackoffLimits, onReleased: () => void) {
    this.#line = line;
    this.#clock = clock;
    this.#limits = limits;
    this.#onReleased = onReleased;
  }

  /** Whether the producer has had trouble since its last success. */
  isTroubled(producer: Producer): boolean {
    return this.#held.has(producer);
  }

  /** Notes trouble that a pause will not mend: the next one pauses. */
  note(producer: Producer): void {
    if (!this.#held.has(producer)) {
      this.#held.set(producer, { backoff: new Backoff(this.#limits), timer: undefined });
    }
  }

  /** Lets the producer pause, longer each time. */
  hold(producer: Producer): void {
    this.note(producer);
    const held = this.#held.get(producer) as Held;
    if (producer.isHeld) return;
    this.#line.hold(producer);
    held.timer = this.#clock.setTimeout(() => {
      this.#line.release(producer);
      this.#onReleased();
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
    this.#clock.clearTimeout(held.timer);
    if (producer.isHeld) this.#line.release(producer);
  }
}
