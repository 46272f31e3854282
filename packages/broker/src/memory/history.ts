import { Fifo } from "./fifo.ts";
import type { MemoryBudget, StoredPart } from "./stored-part.ts";

/** How long, and how much of, a topic and dead letters are kept. */
export interface Retention {
  /** A topic's older messages are dropped, settled or not. */
  readonly retentionMs: number;
  /** Beyond this many bytes a topic's oldest messages are dropped, settled or not, and a subscription's dead letters. */
  readonly retentionBytes: number;
  readonly maxDeadLetters: number;
  readonly deadLetterRetentionMs: number;
}

/** A batch, and when it came. */
export interface Kept {
  readonly part: StoredPart;
  readonly storedMs: number;
}

/**
 * What was published to one address, in order, by position.
 *
 * A receiver's is a queue: reading takes out. A topic's is a log: reading leaves it there, for its other subscriptions
 * and those yet to come, until retention or want of room takes the oldest away.
 */
export class History {
  readonly #budget: MemoryBudget;
  readonly #retention: Retention | undefined;
  readonly #kept = new Fifo<Kept>();
  #bytes = 0;

  /** @param retention of a topic; without it, reading takes out. */
  constructor(budget: MemoryBudget, retention?: Retention) {
    this.#budget = budget;
    this.#retention = retention;
  }

  /** Position of the oldest batch still here. */
  get start(): number {
    return this.#kept.start;
  }

  /** Position of the next batch to come. */
  get end(): number {
    return this.#kept.end;
  }

  /** Whether what was read stays, as a topic's does. */
  get keepsRead(): boolean {
    return this.#retention !== undefined;
  }

  append(part: StoredPart, nowMs: number): void {
    this.#kept.push({ part, storedMs: nowMs });
    this.#bytes += part.bytes;
  }

  /** When the batch at a position was appended, if it is here. */
  storedMs(position: number): number | undefined {
    return this.#kept.at(position)?.storedMs;
  }

  /** The batch at a position, if it is here. */
  look(position: number): StoredPart | undefined {
    return this.#kept.at(position)?.part;
  }

  /** The batch at a position, with a hold on it for the reader. */
  read(position: number): StoredPart | undefined {
    const kept = this.#kept.at(position);
    if (kept === undefined) return undefined;
    if (this.#retention === undefined) this.#take();
    else this.#budget.share(kept.part);
    return kept.part;
  }

  /** Position of the oldest batch that `matches`; that of the next to come when there is none. */
  firstWhere(matches: (kept: Kept) => boolean): number {
    for (let at = this.start; at < this.end; at++) if (matches(this.#kept.at(at) as Kept)) return at;
    return this.end;
  }

  /** The message counts of the batches from a position on. */
  countFrom(position: number): number {
    let messages = 0;
    for (let at = Math.max(position, this.start); at < this.end; at++) messages += this.#kept.at(at)?.part.count ?? 0;
    return messages;
  }

  /** Drops what is too old or too much, oldest first, telling `onDrop` the position and message count of each batch. */
  dropOld(nowMs: number, onDrop: (position: number, count: number) => void): void {
    if (this.#retention === undefined) return;
    for (;;) {
      const oldest = this.#kept.at(this.start);
      if (oldest === undefined) return;
      const { retentionMs, retentionBytes } = this.#retention;
      if (nowMs - oldest.storedMs < retentionMs && this.#bytes <= retentionBytes) return;
      onDrop(this.start, oldest.part.count);
      this.#drop();
    }
  }

  /** Drops what lies before a position. */
  dropBefore(position: number): void {
    while (this.start < position) this.#drop();
  }

  /** Drops all. */
  dropAll(): void {
    this.dropBefore(this.end);
  }

  #drop(): void {
    const part = this.#take();
    if (part !== undefined) this.#budget.release(part);
  }

  #take(): StoredPart | undefined {
    const part = this.#kept.shift()?.part;
    if (part !== undefined) this.#bytes -= part.bytes;
    return part;
  }
}
