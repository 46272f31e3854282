import type { AcknowledgedBatches } from "./acknowledged-batches.ts";
import type { PendingBatch } from "./pending-batch.ts";
import type { Producer } from "./producer.ts";

/**
 * Acknowledged batches that were sent again to see whether the store still has them. Until they are answered, or that has
 * taken too long, what is kept for healing stays. So it does for producers that are busy, until something of theirs is stored,
 * and so all before it, or they ask because nothing is.
 */
export class StoreProbes {
  readonly #acknowledged: AcknowledgedBatches;
  readonly #maxMs: number;
  readonly #unanswered = new Set<PendingBatch>();
  /** Were busy when the store was lost from sight, and had nothing stored since. */
  readonly #owed = new Set<Producer>();
  #sinceMs = 0;
  #untilMs = 0;

  /** @param maxMs how long an answer may take, milliseconds */
  constructor(acknowledged: AcknowledgedBatches, maxMs: number) {
    this.#acknowledged = acknowledged;
    this.#maxMs = maxMs;
  }

  /** The store was lost from sight. Returns the producers that have something to ask. */
  begin(nowMs: number): Producer[] {
    this.#beginAt(nowMs);
    return [...this.#acknowledged.producers].filter((producer) => {
      if (producer.isBusy) this.#owed.add(producer);
      return this.#await(producer.ask());
    });
  }

  /** A batch was given up. Returns whether its producer has something to ask: it was busy until now, and nothing else will show it. */
  beginOwed(producer: Producer, nowMs: number): boolean {
    if (!this.#owed.has(producer) || producer.isBusy) return false;
    this.#owed.delete(producer);
    this.#untilMs = nowMs + this.#maxMs;
    return this.#await(producer.ask());
  }

  /** A send is stored: so is all that its producer sent before. A gap alone does not end it, until what was lost is stored again. */
  noteStored(producer: Producer): void {
    // Nearly always none is.
    if (this.#owed.size > 0) this.#owed.delete(producer);
  }

  /** The store lost something of a producer's: so it may have lost what was acknowledged under earlier ids. */
  beginEarlier(producer: Producer, nowMs: number): void {
    this.#beginAt(nowMs);
    this.#await(producer.askEarlier());
  }

  #beginAt(nowMs: number): void {
    if (this.#isWaiting) return;
    this.#sinceMs = nowMs;
    this.#untilMs = nowMs + this.#maxMs;
  }

  get #isWaiting(): boolean {
    return this.#unanswered.size > 0 || this.#owed.size > 0;
  }

  #await(asked: readonly PendingBatch[]): boolean {
    for (const batch of asked) this.#unanswered.add(batch);
    return asked.length > 0;
  }

  /** A batch is answered. Returns whether it was a probe. */
  answer(batch: PendingBatch): boolean {
    return this.#unanswered.delete(batch);
  }

  /** Up to when kept batches may be let go: `nowMs`, unless answers are awaited. */
  expiryMs(nowMs: number): number {
    if (!this.#isWaiting) return nowMs;
    // Who is busy has a deadline of its own.
    if (this.#owed.size > 0 || nowMs < this.#untilMs) return this.#sinceMs;
    this.#unanswered.clear();
    return nowMs;
  }
}
