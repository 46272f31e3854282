import { Fifo } from "./fifo.ts";
import type { PendingBatch } from "./pending-batch.ts";
import type { Producer } from "./producer.ts";

/** How much is kept to heal a store that lost its last moments. */
export interface HealingLimits {
  /** Most memory they may take, in bytes. 0: nothing is kept. @default 8 MiB */
  readonly maxBytes: number;
  /**
   * How long a batch is kept after its acknowledgement, in milliseconds. Redis with `appendfsync everysec` may lose a bit
   * more than its last second.
   *
   * @default 5_000
   */
  readonly maxAgeMs: number;
}

interface Kept {
  readonly producer: Producer;
  readonly batch: PendingBatch;
  readonly storedMs: number;
}

/** What a batch takes besides its records: header, bookkeeping. Small batches are many, and must not go uncounted. */
const BATCH_OVERHEAD_BYTES = 1_024;

/** The batches acknowledged last. They can be sent again when the store turns out to have lost them. */
export class AcknowledgedBatches {
  readonly #limits: HealingLimits;
  readonly #kept = new Fifo<Kept>();
  #bytes = 0;

  constructor(limits: HealingLimits) {
    this.#limits = limits;
  }

  get isEmpty(): boolean {
    return this.#kept.length === 0;
  }

  /** Those whose batches are kept. */
  get producers(): ReadonlySet<Producer> {
    return new Set([...this.#kept].map(({ producer }) => producer));
  }

  /** Keeps a batch, and drops the oldest ones beyond the limit of bytes. */
  add(producer: Producer, batch: PendingBatch, nowMs: number): void {
    this.#kept.push({ producer, batch, storedMs: nowMs });
    this.#bytes += batch.bytes + BATCH_OVERHEAD_BYTES;
    while (this.#bytes > this.#limits.maxBytes) this.#dropOldest();
  }

  /** Drops what was acknowledged too long before `nowMs`. */
  expire(nowMs: number): void {
    const sinceMs = nowMs - this.#limits.maxAgeMs;
    while ((this.#kept.peek()?.storedMs ?? Number.POSITIVE_INFINITY) < sinceMs) this.#dropOldest();
  }

  #dropOldest(): void {
    const oldest = this.#kept.shift();
    if (oldest === undefined) return;
    this.#bytes -= oldest.batch.bytes + BATCH_OVERHEAD_BYTES;
    oldest.producer.forget(oldest.batch);
  }
}
