import { randomFillSync } from "node:crypto";
import type { PendingBatch } from "./pending-batch.ts";

/**
 * The batches under one producer id, in the order of their sequence: those kept for healing, then those unanswered. Pure.
 */
export class NumberedBatches {
  readonly #producerId = randomFillSync(new Uint8Array(16));
  #nextSequence = 1;
  #batches: PendingBatch[] = [];
  /** Index of the first that may be due. */
  #cursor = 0;

  get isEmpty(): boolean {
    return this.#batches.length === 0;
  }

  /** Whether the last one's sends have no answer yet. */
  get endsUnsettled(): boolean {
    return this.#batches.at(-1)?.isSettled === false;
  }

  /** Whether there is something to send. */
  get hasDue(): boolean {
    // Past what was answered, or given up, while it waited to be sent again.
    while (this.#cursor < this.#batches.length && this.#batches[this.#cursor]?.state !== "due") this.#cursor++;
    return this.#cursor < this.#batches.length;
  }

  /** Whether the batch was numbered here last. */
  owns(batch: PendingBatch): boolean {
    return batch.sequence > 0 && batch.batch.header.producerId === this.#producerId;
  }

  /** Gives a batch the next number. It is due. */
  add(batch: PendingBatch): void {
    batch.number(this.#producerId, this.#nextSequence++);
    batch.state = "due";
    this.#batches.push(batch);
  }

  /** Takes the batch to send next. */
  next(): PendingBatch | undefined {
    return this.hasDue ? this.#batches[this.#cursor++] : undefined;
  }

  /** Forgets a batch, if it is here. */
  remove(batch: PendingBatch): void {
    const index = this.#batches.indexOf(batch);
    if (index < 0) return;
    // Nearly always it is the oldest.
    if (index === 0) this.#batches.shift();
    else this.#batches.splice(index, 1);
    if (index < this.#cursor) this.#cursor--;
  }

  /** Makes a batch due again that was not stored, and all that were sent after it: they left a gap, and were not stored either. */
  retry(batch: PendingBatch): void {
    const index = this.#batches.indexOf(batch);
    if (index >= 0) this.#rewind(index, isUnanswered);
  }

  /** Makes a batch due again that may be stored, and all that were sent after it: so may they. */
  retryUnsure(batch: PendingBatch): void {
    const index = this.#batches.indexOf(batch);
    if (index >= 0) this.#rewindUnsure(index);
  }

  /** All that is unanswered is due again, and what was sent of it may be stored. */
  retryAll(): void {
    this.#rewindUnsure(0);
  }

  /** What the store lost if it has nothing from a sequence on, as far as it is here; what is unanswered, whatever its number. */
  lostFrom(expected: number): PendingBatch[] {
    return this.#batches.filter((batch) => batch.sequence >= expected || isUnanswered(batch));
  }

  /** Makes all from a sequence on due again, acknowledged ones included. Returns false if that one is not here. */
  rewindTo(expected: number): boolean {
    const index = this.#batches.findIndex((batch) => batch.sequence === expected);
    if (index < 0) return false;
    this.#rewind(index, () => true);
    return true;
  }

  /** Gives batches away, to be numbered anew. */
  giveAway(batches: readonly PendingBatch[]): void {
    const given = new Set(batches);
    this.#batches = this.#batches.filter((batch) => !given.has(batch));
    this.#cursor = 0;
  }

  /** Makes all that is acknowledged due again, and returns it. */
  askAll(): PendingBatch[] {
    return this.#askFrom(0);
  }

  /** Makes the last batch due again, and returns it; nothing if it is unanswered. */
  askLast(): PendingBatch[] {
    return this.#askFrom(Math.max(0, this.#batches.length - 1));
  }

  #askFrom(from: number): PendingBatch[] {
    const asked = this.#batches.slice(from).filter((batch) => !isUnanswered(batch));
    this.#rewind(from, (batch) => !isUnanswered(batch));
    return asked;
  }

  #rewindUnsure(from: number): void {
    for (const batch of this.#batches.slice(from)) if (batch.state === "sent") batch.mayBeStored = true;
    this.#rewind(from, isUnanswered);
  }

  #rewind(from: number, isDue: (batch: PendingBatch) => boolean): void {
    for (let index = from; index < this.#batches.length; index++) {
      const batch = this.#batches[index] as PendingBatch;
      if (isDue(batch)) batch.state = "due";
    }
    this.#cursor = Math.min(this.#cursor, from);
  }
}

/** Whether a batch that has a number has no receipt, or waits for another one. */
export function isUnanswered(batch: PendingBatch): boolean {
  return batch.state !== "stored";
}
