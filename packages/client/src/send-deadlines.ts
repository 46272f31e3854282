import { Fifo } from "./fifo.ts";
import type { PendingBatch } from "./pending-batch.ts";
import type { Producer } from "./producer.ts";

/** A batch without an answer, with its producer. */
export interface Unanswered {
  readonly producer: Producer;
  readonly batch: PendingBatch;
}

/** The deadlines of all batches without an answer. They were begun in the order in which they end. */
export class SendDeadlines {
  readonly #batches = new Fifo<Unanswered>();

  /** Watches a batch until it is settled. Its deadline must not be before that of the one added last. */
  add(producer: Producer, batch: PendingBatch): void {
    this.#forgetSettled();
    this.#batches.push({ producer, batch });
  }

  /** Whether no batch is watched. */
  get isEmpty(): boolean {
    this.#forgetSettled();
    return this.#batches.length === 0;
  }

  /** Every batch that is not settled. */
  get unsettled(): Unanswered[] {
    return [...this.#batches].filter(({ batch }) => !batch.isSettled);
  }

  /** Takes the oldest batch whose deadline has passed and that is not settled. */
  takeExpired(nowMs: number): Unanswered | undefined {
    this.#forgetSettled();
    const oldest = this.#batches.peek();
    return oldest !== undefined && oldest.batch.deadlineMs <= nowMs ? this.#batches.shift() : undefined;
  }

  /** Takes every batch that is not settled. */
  drain(): Unanswered[] {
    const { unsettled } = this;
    this.#batches.drain();
    return unsettled;
  }

  #forgetSettled(): void {
    while (this.#batches.peek()?.batch.isSettled) this.#batches.shift();
  }
}
