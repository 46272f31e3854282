import type { AcknowledgedBatches } from "./acknowledged-batches.ts";
import type { PendingBatch } from "./pending-batch.ts";
import type { Producer } from "./producer.ts";

/**
 * Acknowledged batches that were sent again to see whether the store still has them. Until they are answered, or that has
 * taken too long, what is kept for healing stays.
 */
export class StoreProbes {
  readonly #acknowledged: AcknowledgedBatches;
  readonly #maxMs: number;
  readonly #unanswered = new Set<PendingBatch>();
  #sinceMs = 0;

  /** @param maxMs how long an answer may take, milliseconds */
  constructor(acknowledged: AcknowledgedBatches, maxMs: number) {
    this.#acknowledged = acknowledged;
    this.#maxMs = maxMs;
  }

  /** The store was lost from sight. Returns the producers that have something to ask. */
  begin(nowMs: number): Producer[] {
    return [...this.#acknowledged.producers].filter((producer) => this.#await(producer.ask(), nowMs));
  }

  /** The store lost something of a producer's: so it may have lost what was acknowledged under earlier ids. */
  beginEarlier(producer: Producer, nowMs: number): void {
    this.#await(producer.askEarlier(), nowMs);
  }

  #await(asked: readonly PendingBatch[], nowMs: number): boolean {
    if (this.#unanswered.size === 0) this.#sinceMs = nowMs;
    for (const batch of asked) this.#unanswered.add(batch);
    return asked.length > 0;
  }

  /** A batch is answered. Returns whether it was a probe. */
  answer(batch: PendingBatch): boolean {
    return this.#unanswered.delete(batch);
  }

  /** Up to when kept batches may be let go: `nowMs`, unless answers are awaited. */
  expiryMs(nowMs: number): number {
    if (this.#unanswered.size === 0) return nowMs;
    if (nowMs - this.#sinceMs < this.#maxMs) return this.#sinceMs;
    this.#unanswered.clear();
    return nowMs;
  }
}
