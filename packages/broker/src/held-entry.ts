import { recordOffsets } from "@chappe/message";
import { Marks } from "./marks.ts";
import type { DeadLetter, Entry, Retry, Settlement } from "./store.ts";

/** An entry this broker owns, and what has become of its messages so far. */
export class HeldEntry {
  readonly entry: Entry;
  /** Place in the order in which entries came from the store. */
  readonly order: number;
  /** Messages that have their final outcome: acked, or gone from this entry as a retry or a dead letter. */
  readonly settled: Marks;
  #offsets: Uint32Array | undefined;
  #retries: Retry[] = [];
  #deadLetters: DeadLetter[] = [];
  #ackedMessages = 0;
  #ackedBytes = 0;
  #changed = false;

  constructor(entry: Entry, order: number) {
    this.entry = entry;
    this.order = order;
    this.settled = new Marks(entry.count);
    for (const range of entry.settled) this.settled.add(range.from, range.to);
  }

  /** Whether something was settled that no settlement has told the store yet. */
  get changed(): boolean {
    return this.#changed;
  }

  /** Length of the records of messages `from` … `to`-1. Finding out where a batch can be cut costs a walk, once. */
  bytes(from: number, to: number): number {
    if (from === 0 && to === this.entry.count) return this.entry.records.length;
    const offsets = this.#walk();
    return (offsets[to] as number) - (offsets[from] as number);
  }

  /** The records of messages `from` … `to`-1. */
  records(from: number, to: number): Uint8Array {
    if (from === 0 && to === this.entry.count) return this.entry.records;
    const offsets = this.#walk();
    return this.entry.records.subarray(offsets[from], offsets[to]);
  }

  ack(from: number, to: number): void {
    this.#settle(from, to);
    this.#ackedMessages += to - from;
    this.#ackedBytes += this.bytes(from, to);
  }

  /** The messages leave this entry, to be tried again after `delayMs`, as one. */
  retry(from: number, to: number, delayMs: number): void {
    this.#settle(from, to);
    const { headerBytes, first, attempt } = this.entry;
    this.#retries.push({
      headerBytes,
      records: this.records(from, to),
      count: to - from,
      first: first + from,
      attempt: attempt + 1,
      delayMs,
    });
  }

  /** The message leaves this entry for the dead letters. */
  bury(index: number, reason: string): void {
    this.#settle(index, index + 1);
    const { headerBytes, first, attempt } = this.entry;
    this.#deadLetters.push({
      headerBytes,
      records: this.records(index, index + 1),
      count: 1,
      first: first + index,
      attempts: attempt,
      reason,
    });
  }

  /** What the store must be told now: everything since the last call. */
  takeSettlement(action: Settlement["action"]): Settlement {
    const settlement: Settlement = {
      ref: this.entry.ref,
      action,
      settled: action === "remove" ? [] : this.settled.ranges(),
      retries: this.#retries,
      deadLetters: this.#deadLetters,
      ackedMessages: this.#ackedMessages,
      ackedBytes: this.#ackedBytes,
    };
    this.#retries = [];
    this.#deadLetters = [];
    this.#ackedMessages = 0;
    this.#ackedBytes = 0;
    this.#changed = false;
    return settlement;
  }

  #settle(from: number, to: number): void {
    this.settled.add(from, to);
    this.#changed = true;
  }

  #walk(): Uint32Array {
    this.#offsets ??= recordOffsets(this.entry.records, this.entry.count);
    return this.#offsets;
  }
}
