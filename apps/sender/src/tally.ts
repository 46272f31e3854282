import { createHistogram } from "node:perf_hooks";

/** What became of a message, as far as the tally is concerned. */
export interface SafeMessage {
  /** The router had stored it before, and did not store it again. */
  readonly duplicate: boolean;
}

/** Counts what is sent and how long it takes to become safe. */
export class Tally {
  readonly #histogram = createHistogram();
  readonly #now: () => number;
  readonly #startedAt: number;
  #lastReceiptAt: number;
  #sent = 0;
  #receipts = 0;
  #duplicates = 0;

  /** @param now milliseconds of a clock that never goes back; its zero does not matter */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#startedAt = now();
    this.#lastReceiptAt = this.#startedAt;
  }

  /** Messages given to the client. */
  get sent(): number {
    return this.#sent;
  }

  /** Messages known to be safe. */
  get receipts(): number {
    return this.#receipts;
  }

  /** Messages among the safe ones that had been stored before. */
  get duplicates(): number {
    return this.#duplicates;
  }

  /** Milliseconds from the beginning to the last receipt. */
  get elapsedMs(): number {
    return this.#lastReceiptAt - this.#startedAt;
  }

  /** Notes that a message was given to the client. */
  countSent(): void {
    this.#sent += 1;
  }

  /** Notes that a message which was due at `dueAtMs` is safe. */
  countSafe(message: SafeMessage, dueAtMs: number): void {
    this.#lastReceiptAt = this.#now();
    this.#receipts += 1;
    if (message.duplicate) this.#duplicates += 1;
    // Whole microseconds, at least one: the histogram counts integers from 1.
    this.#histogram.record(Math.max(1, Math.round((this.#lastReceiptAt - dueAtMs) * 1000)));
  }

  /** Milliseconds in which `percent` of the safe messages became so; 0 when there are none. */
  latencyMs(percent: number): number {
    return this.#receipts === 0 ? 0 : this.#histogram.percentile(percent) / 1000;
  }
}
