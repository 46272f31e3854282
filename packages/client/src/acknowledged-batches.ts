import { Fifo } from "./fifo.ts";
import type { PendingBatch } from "./pending-batch.ts";
import type { Producer } from "./producer.ts";

/** How much is kept to heal a store that lost its last moments. */
export interface HealingLimits {
  /** Most memory they may take, in bytes. 0: nothing is kept. @default 8 MiB */
  readonly maxBytes: number;
  /**
   * How long a batch is kept after it was last acknowledged, in milliseconds. Redis with `appendfsync everysec` may lose a bit
   * more than its last second, and a router may notice only after some 6 s that a Redis without power says nothing more.
   *
   * @default 10_000
   */
  readonly maxAgeMs: number;
}

interface Kept {
  readonly producer: Producer;
  readonly batch: PendingBatch;
}

/** What a batch takes besides its records: header, bookkeeping. Small batches are many, and must not go uncounted. */
const BATCH_OVERHEAD_BYTES = 1_024;

/** The batches acknowledged last. They can be sent again when the store turns out to have lost them. */
export class AcknowledgedBatches {
  readonly #limits: HealingLimits;
  readonly #kept = new Fifo<Kept>();
  readonly #maxHealingMs: number;
  readonly #onDropped: (batch: PendingBatch) => void;
  #bytes = 0;

  /**
   * @param maxHealingMs how long one that is sent again is kept without an answer, if that is longer; milliseconds
   * @param onDropped told each that is kept no longer
   */
  constructor(limits: HealingLimits, maxHealingMs: number, onDropped: (batch: PendingBatch) => void) {
    this.#limits = limits;
    this.#maxHealingMs = maxHealingMs;
    this.#onDropped = onDropped;
  }

  get isEmpty(): boolean {
    return this.#kept.length === 0;
  }

  /** What is kept. */
  get batches(): PendingBatch[] {
    return [...this.#kept].map(({ batch }) => batch);
  }

  /** Those whose batches are kept. */
  get producers(): ReadonlySet<Producer> {
    return new Set([...this.#kept].map(({ producer }) => producer));
  }

  /** Keeps a batch, and drops the oldest ones beyond the limit of bytes. */
  add(producer: Producer, batch: PendingBatch): void {
    this.#kept.push({ producer, batch });
    this.#bytes += batch.bytes + BATCH_OVERHEAD_BYTES;
    while (this.#bytes > this.#limits.maxBytes) this.#dropOldest();
  }

  /** Drops what was last acknowledged too long before `nowMs`. */
  expire(nowMs: number): void {
    for (let oldest = this.#kept.peek(); oldest !== undefined; oldest = this.#kept.peek()) {
      if (nowMs - oldest.batch.storedMs <= this.#maxAgeMs(oldest.batch)) return;
      this.#dropOldest();
    }
  }

  /** What the store has lost is dropped only when it could not be stored again: others may be acknowledged meanwhile. */
  #maxAgeMs({ state }: PendingBatch): number {
    const { maxAgeMs } = this.#limits;
    return state === "due" || state === "sent" ? Math.max(maxAgeMs, this.#maxHealingMs) : maxAgeMs;
  }

  #dropOldest(): void {
    const oldest = this.#kept.shift();
    if (oldest === undefined) return;
    this.#bytes -= oldest.batch.bytes + BATCH_OVERHEAD_BYTES;
    oldest.producer.forget(oldest.batch);
    this.#onDropped(oldest.batch);
  }
}
