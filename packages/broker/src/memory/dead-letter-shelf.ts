import type { DeadLetter } from "../store.ts";
import { Fifo } from "./fifo.ts";
import type { Retention } from "./history.ts";
import type { MemoryBudget, StoredPart } from "./stored-part.ts";

interface Shelved {
  readonly part: StoredPart;
  readonly attempts: number;
  readonly reason: string;
  readonly storedMs: number;
}

/** The dead letters of one subscription. They are kept as long as a topic is, so that nobody's neglect fills the store. */
export class DeadLetterShelf {
  readonly #budget: MemoryBudget;
  readonly #retention: Retention;
  readonly #shelf = new Fifo<Shelved>();
  #bytes = 0;

  constructor(budget: MemoryBudget, retention: Retention) {
    this.#budget = budget;
    this.#retention = retention;
  }

  add(deadLetter: DeadLetter, nowMs: number): void {
    const part = this.#budget.keep(deadLetter);
    const { attempts, reason } = deadLetter;
    this.#shelf.push({ part, attempts, reason, storedMs: nowMs });
    this.#bytes += part.bytes;
    this.#expire(nowMs);
  }

  /** Oldest first. */
  list(limit: number, nowMs: number): DeadLetter[] {
    this.#expire(nowMs);
    return this.#shelf.first(limit).map(({ part, attempts, reason }) => {
      const { headerBytes, records, count, first } = part;
      return { headerBytes, records, count, first, attempts, reason };
    });
  }

  #expire(nowMs: number): void {
    const { retentionMs, retentionBytes } = this.#retention;
    for (;;) {
      const oldest = this.#shelf.at(this.#shelf.start);
      if (oldest === undefined) return;
      if (nowMs - oldest.storedMs < retentionMs && this.#bytes <= retentionBytes) return;
      this.#shelf.shift();
      this.#bytes -= oldest.part.bytes;
      this.#budget.release(oldest.part);
    }
  }
}
