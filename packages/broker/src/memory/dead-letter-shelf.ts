import type { DeadLetterSelection, KeptDeadLetter } from "../administrable.ts";
import type { DeadLetter } from "../store.ts";
import type { Retention } from "./history.ts";
import type { MemoryBudget, StoredPart } from "./stored-part.ts";

interface Shelved {
  readonly part: StoredPart;
  readonly attempts: number;
  readonly reason: string;
  readonly storedMs: number;
}

/** The dead letters of one subscription. They are bounded in time, number and bytes, so that nobody's neglect fills the store. */
export class DeadLetterShelf {
  readonly #budget: MemoryBudget;
  readonly #retention: Retention;
  /** By number, which counts up: oldest first. */
  readonly #shelf = new Map<number, Shelved>();
  #lastNumber = 0;
  #bytes = 0;
  #dropped = 0;

  constructor(budget: MemoryBudget, retention: Retention) {
    this.#budget = budget;
    this.#retention = retention;
  }

  /** How many are there. */
  sizeAt(nowMs: number): number {
    this.#expire(nowMs);
    return this.#shelf.size;
  }

  /** How many were too old, or too many, to be kept. */
  droppedAt(nowMs: number): number {
    this.#expire(nowMs);
    return this.#dropped;
  }

  add(deadLetter: DeadLetter, nowMs: number): void {
    const part = this.#budget.keep(deadLetter);
    const { attempts, reason } = deadLetter;
    this.#shelf.set(++this.#lastNumber, { part, attempts, reason, storedMs: nowMs });
    this.#bytes += part.bytes;
    this.#expire(nowMs);
  }

  /** Those after a number, oldest first. */
  list(limit: number, nowMs: number, after = 0): KeptDeadLetter[] {
    this.#expire(nowMs);
    const found: KeptDeadLetter[] = [];
    for (const [number, shelved] of this.#shelf) {
      if (found.length >= limit) break;
      if (number > after) found.push(keptLetter(number, shelved));
    }
    return found;
  }

  find(id: string, nowMs: number): KeptDeadLetter | undefined {
    this.#expire(nowMs);
    const shelved = this.#shelf.get(Number(id));
    return shelved && keptLetter(Number(id), shelved);
  }

  /** Takes off those that are selected, oldest first. The caller has their parts now. */
  take({ ids, reason = "" }: DeadLetterSelection, nowMs: number): StoredPart[] {
    this.#expire(nowMs);
    const taken: StoredPart[] = [];
    for (const number of ids === undefined ? [...this.#shelf.keys()] : ids.map(Number)) {
      const shelved = this.#shelf.get(number);
      if (shelved === undefined || !shelved.reason.includes(reason)) continue;
      this.#shelf.delete(number);
      this.#bytes -= shelved.part.bytes;
      taken.push(shelved.part);
    }
    return taken;
  }

  /** Takes off all. The caller has their parts now. */
  takeAll(): StoredPart[] {
    const taken = [...this.#shelf.values()].map(({ part }) => part);
    this.#shelf.clear();
    this.#bytes = 0;
    return taken;
  }

  #expire(nowMs: number): void {
    const { deadLetterRetentionMs, maxDeadLetters, retentionBytes } = this.#retention;
    for (const [number, { part, storedMs }] of this.#shelf) {
      const isYoung = nowMs - storedMs < deadLetterRetentionMs;
      if (isYoung && this.#shelf.size <= maxDeadLetters && this.#bytes <= retentionBytes) return;
      this.#shelf.delete(number);
      this.#dropped++;
      this.#bytes -= part.bytes;
      this.#budget.release(part);
    }
  }
}

function keptLetter(number: number, { part, attempts, reason, storedMs }: Shelved): KeptDeadLetter {
  const { headerBytes, records, count, first } = part;
  return { id: String(number), diedAtMs: storedMs, headerBytes, records, count, first, attempts, reason };
}
