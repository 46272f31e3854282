import { Fifo } from "./fifo.ts";

/** A send that waits for room. */
export interface BudgetWaiter {
  readonly deadlineMs: number;
  /** There is room. */
  readonly admit: () => void;
  /** It has waited long enough, or in vain. */
  readonly giveUp: () => void;
}

/**
 * Bounds the memory of sends without an answer. Full is full: who comes then waits in line, so that nobody overtakes, and
 * the bound is passed by one message at most.
 */
export class PendingBudget {
  readonly maxBytes: number;
  readonly #waiters = new Fifo<BudgetWaiter>();
  #usedBytes = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Whether a newcomer must wait. */
  get isFull(): boolean {
    return this.#usedBytes >= this.maxBytes || this.#waiters.length > 0;
  }

  /** Whether nothing is held, and nobody waits. */
  get isEmpty(): boolean {
    return this.#usedBytes === 0 && this.#waiters.length === 0;
  }

  take(bytes: number): void {
    this.#usedBytes += bytes;
  }

  /** Gives bytes back. Who waits comes in with {@link PendingBudget.admit}. */
  release(bytes: number): void {
    this.#usedBytes -= bytes;
  }

  /** Puts a send in line for room. Deadlines must not descend. */
  wait(waiter: BudgetWaiter): void {
    this.#waiters.push(waiter);
  }

  /** Lets in who fits, in order. */
  admit(): void {
    while (this.#usedBytes < this.maxBytes && this.#waiters.length > 0) this.#waiters.shift()?.admit();
  }

  /** Sends away who has waited until its deadline. */
  expire(nowMs: number): void {
    while ((this.#waiters.peek()?.deadlineMs ?? Number.POSITIVE_INFINITY) <= nowMs) {
      this.#waiters.shift()?.giveUp();
    }
  }

  /** Sends everybody away. */
  expireAll(): void {
    for (const waiter of this.#waiters.drain()) waiter.giveUp();
  }
}
