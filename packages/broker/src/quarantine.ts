import type { Consumer } from "./consumer.ts";
import type { HeldEntry } from "./held-entry.ts";
import type { Slice } from "./ready-queue.ts";

/**
 * A consumer is kept for one message no longer than this, milliseconds: one that gathers messages before it settles any
 * would wait for ever for the next.
 */
const MAX_ISOLATION_MS = 10_000;

/** A consumer that is kept for one message. */
interface Ward {
  readonly slice: Slice;
  /** It empties its hands first, then it holds the message alone. */
  readonly phase: "emptying" | "alone";
  readonly sinceMs: number;
}

/**
 * Messages that were in consumers' hands when these crashed, more than once. Any of them may be what crashes them, so each
 * is handed to a consumer that holds nothing else, and is handed nothing else until that one is settled: the next crash
 * counts for the guilty alone.
 */
export class Quarantine {
  #waiting: Slice[] = [];
  readonly #wards = new Map<Consumer, Ward>();
  /** Consumers that have just settled what they were kept for, and first take a turn at what is new, if there is any. */
  readonly #resting = new Set<Consumer>();

  /** Whether nothing is suspected, as nearly always. */
  get isEmpty(): boolean {
    return this.#waiting.length === 0 && this.#wards.size === 0;
  }

  /** Takes in a message, which must not be handed out with others. */
  add(slice: Slice): void {
    this.#waiting.push(slice);
  }

  /**
   * Keeps consumers that can take something for what waits; those that hold nothing come first. The smaller half is left to
   * what is not suspected.
   */
  assign(consumers: readonly Consumer[], nowMs: number): void {
    if (this.#waiting.length === 0) return;
    const most = Math.max(0, Math.ceil(consumers.length / 2) - this.#wards.size);
    for (const consumer of this.#resting) if (consumer.held.size > 0) this.#resting.delete(consumer);
    const fit = consumers.filter((consumer) => consumer.hungry && !this.#resting.has(consumer));
    for (const consumer of fit.toSorted((a, b) => a.held.size - b.held.size).slice(0, most)) {
      const slice = this.#waiting.shift();
      if (slice === undefined) return;
      consumer.isolated = true;
      this.#wards.set(consumer, { slice, phase: "emptying", sinceMs: nowMs });
    }
  }

  /** A consumer with empty hands, and what it is to be handed alone; undefined when there is none. */
  takeNext(nowMs: number): { readonly consumer: Consumer; readonly slice: Slice } | undefined {
    for (const [consumer, { slice, phase }] of this.#wards) {
      if (phase !== "emptying" || consumer.held.size > 0) continue;
      this.#wards.set(consumer, { slice, phase: "alone", sinceMs: nowMs });
      return { consumer, slice };
    }
    return undefined;
  }

  /** The consumer has settled all it held: if that was what it was kept for, it is there for all again. */
  noteEmpty(consumer: Consumer): void {
    if (this.#wards.get(consumer)?.phase !== "alone") return;
    this.release(consumer);
    if (this.#waiting.length > 0) this.#resting.add(consumer);
  }

  /** Nothing new is to be had: all consumers may be kept again. Says whether any could not be until now. */
  endRest(): boolean {
    const hasRested = this.#resting.size > 0;
    this.#resting.clear();
    return hasRested;
  }

  /** The consumer is there for all again. What it was kept for and was not handed waits for another. */
  release(consumer: Consumer): void {
    this.#resting.delete(consumer);
    const ward = this.#wards.get(consumer);
    if (ward === undefined) return;
    this.#free(consumer);
    if (ward.phase === "emptying") this.#waiting.unshift(ward.slice);
  }

  /**
   * Frees consumers kept for too long. Where one did not empty its hands, all that waits may go with others, and is given
   * out of the quarantine: one after the other would keep it from what is new for as long again each.
   */
  takeOverdue(nowMs: number): Slice[] {
    const overdue: Slice[] = [];
    for (const [consumer, { slice, phase, sinceMs }] of this.#wards) {
      if (nowMs - sinceMs < MAX_ISOLATION_MS) continue;
      this.#free(consumer);
      if (phase === "emptying") overdue.push(slice);
    }
    if (overdue.length > 0) overdue.push(...this.#waiting.splice(0));
    return overdue;
  }

  /** An entry is not here any more. */
  remove(held: HeldEntry): void {
    this.#waiting = this.#waiting.filter((slice) => slice.held !== held);
    for (const [consumer, { slice }] of this.#wards) if (slice.held === held) this.#free(consumer);
  }

  /** Nothing is here any more. */
  clear(): void {
    this.#waiting = [];
    this.#resting.clear();
    for (const consumer of this.#wards.keys()) this.#free(consumer);
  }

  #free(consumer: Consumer): void {
    this.#wards.delete(consumer);
    consumer.isolated = false;
  }
}
