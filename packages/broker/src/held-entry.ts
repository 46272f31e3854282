import { decodeBatchHeader, firstExpiryMs, recordOffsets, timeOffsetsMs } from "@chappe/message";
import { Marks } from "./marks.ts";
import type { Slice } from "./ready-queue.ts";
import { type FailureKind, Setbacks } from "./setbacks.ts";
import type { DeadLetter, Entry, Retry, Settlement } from "./store.ts";

/** Most crashes have nothing to do with a message. Two are more than chance. */
const SUSPICIOUS_CRASHES = 2;

/** What becomes of a message past its time: a dead letter with its reason, or nothing but a count. */
export type ExpiredPolicy = "dead-letter" | "drop";

/** An entry this broker owns, and what has become of its messages so far. */
export class HeldEntry {
  readonly entry: Entry;
  /** Place in the order in which entries came from the store. */
  readonly order: number;
  /** Messages that have their final outcome: acked, or gone from this entry as a retry or a dead letter. */
  readonly settled: Marks;
  /** When its batch's first message expires, wall clock; Infinity where none does. */
  readonly #firstExpiryMs: number;
  #offsets: Uint32Array | undefined;
  #timesMs: Uint32Array | undefined;
  #retries: Retry[] = [];
  #deadLetters: DeadLetter[] = [];
  #ackedMessages = 0;
  #ackedBytes = 0;
  #expiredMessages = 0;
  #changed = false;
  /** With an ordering key: made when a message has failed. */
  #setbacks: Setbacks | undefined;
  #redelivered: boolean;
  /** Index of the suspect that is handed out with others all the same. */
  #trusted: number | undefined;

  constructor(entry: Entry, order: number, nowMs = 0) {
    this.entry = entry;
    this.order = order;
    this.settled = new Marks(entry.count);
    for (const range of entry.settled) this.settled.add(range.from, range.to);
    this.#firstExpiryMs = entry.redriven ? Number.POSITIVE_INFINITY : expiryOf(entry);
    this.#redelivered = entry.redelivered;
    const setback = entry.turn?.setback;
    if (setback !== undefined) this.#setbacks = new Setbacks(setback, nowMs);
  }

  /** How many consumers have crashed with the message in their hands. */
  crashes(index: number): number {
    return this.entry.crashes + (this.#setbacks?.crashes(index) ?? 0);
  }

  /** Whether the message may be what crashed consumers: after the second crash it is a slice of its own. */
  isSuspect(index: number): boolean {
    return this.crashes(index) >= SUSPICIOUS_CRASHES;
  }

  /** Whether the message is to be handed to a consumer that holds nothing else. */
  goesAlone(index: number): boolean {
    return this.isSuspect(index) && this.#trusted !== index;
  }

  /** The message is handed out with others all the same, until its consumer crashes. */
  trust(index: number): void {
    this.#trusted = index;
  }

  /** Whether its messages have an ordering key, and so are handed out one slice after the other. */
  get isOrdered(): boolean {
    return this.entry.turn !== undefined;
  }

  /** With an ordering key: until when nothing of it is handed out. */
  get pausedUntilMs(): number {
    return this.#setbacks?.pausedUntilMs ?? Number.NEGATIVE_INFINITY;
  }

  /** Whether messages may have been handed out before without a trace: neither counted, nor given back. */
  get redelivered(): boolean {
    return this.#redelivered;
  }

  /** A consumer had its messages, or another copy of them is about to be handed out: nobody knows how far it got. */
  noteHeld(): void {
    this.#redelivered = true;
  }

  /** 1 + failures counted of a message. */
  attempt(index: number): number {
    return this.entry.attempt + (this.#setbacks?.times(index) ?? 0);
  }

  /** With an ordering key: what is to be handed out next. A message that has failed goes alone. */
  next(): Slice | undefined {
    const [gap] = this.settled.gaps();
    if (gap === undefined) return undefined;
    const { from } = gap;
    const setbacks = this.#setbacks;
    if (setbacks === undefined) return { held: this, from, to: gap.to };
    let to = from + 1;
    if (setbacks.times(from) === 0) while (to < gap.to && setbacks.times(to) === 0) to++;
    return { held: this, from, to };
  }

  /** With an ordering key: the message failed, and stays. Nothing of the entry is to be handed out until then. */
  setBack(index: number, pausedUntilMs: number, how: FailureKind): void {
    this.#setbacks ??= new Setbacks();
    this.#setbacks.add(index, pausedUntilMs, how);
    if (how !== "failed") this.#trusted = undefined;
    this.#changed = true;
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

  /** How many messages from `from` on, before `to`, are past their time without exception. */
  past(from: number, to: number, nowMs: number): number {
    return nowMs < this.#firstExpiryMs ? 0 : this.#run(true, from, to, nowMs);
  }

  /** How many messages from `from` on, before `to`, are within their time without exception. */
  within(from: number, to: number, nowMs: number): number {
    return nowMs < this.#firstExpiryMs ? to - from : this.#run(false, from, to, nowMs);
  }

  ack(from: number, to: number): void {
    this.#settle(from, to);
    this.#ackedMessages += to - from;
    this.#ackedBytes += this.bytes(from, to);
  }

  /** The messages leave this entry, to be tried again after `delayMs`, as one. */
  retry(from: number, to: number, delayMs: number, how: FailureKind): void {
    this.#settle(from, to);
    const { headerBytes, first, attempt, crashes, redriven } = this.entry;
    this.#retries.push({
      headerBytes,
      records: this.records(from, to),
      count: to - from,
      first: first + from,
      attempt: how === "crashed-unbegun" ? attempt : attempt + 1,
      crashes: how === "failed" ? crashes : crashes + 1,
      redriven,
      delayMs,
    });
  }

  /** The message leaves this entry for the dead letters. */
  bury(index: number, reason: string): void {
    this.#bury(index, reason, this.attempt(index));
  }

  /** The messages are past their time: they leave this entry for the dead letters, or for good. */
  expire(from: number, to: number, how: ExpiredPolicy): void {
    if (how === "drop") {
      this.#settle(from, to);
      this.#expiredMessages += to - from;
      return;
    }
    const { ttlMs } = decodeBatchHeader(this.entry.headerBytes);
    for (let index = from; index < to; index++) {
      const at = new Date(this.#expiryMs(index)).toISOString();
      // This time it was not handed out.
      this.#bury(index, `expired at ${at}, ${ttlMs} ms after it was sent`, this.attempt(index) - 1);
    }
  }

  /** What the store must be told now: everything since the last call. `nowMs` is the dispatcher's. */
  takeSettlement(action: Settlement["action"], nowMs: number): Settlement {
    const settlement: Settlement = {
      ref: this.entry.ref,
      action,
      settled: action === "remove" ? [] : this.settled.ranges(),
      setback:
        action === "remove" ? undefined : this.#setbacks?.note((index) => this.settled.any(index, index + 1), nowMs),
      retries: this.#retries,
      deadLetters: this.#deadLetters,
      ackedMessages: this.#ackedMessages,
      ackedBytes: this.#ackedBytes,
      expiredMessages: this.#expiredMessages,
    };
    this.#retries = [];
    this.#deadLetters = [];
    this.#ackedMessages = 0;
    this.#ackedBytes = 0;
    this.#expiredMessages = 0;
    this.#changed = false;
    return settlement;
  }

  #bury(index: number, reason: string, attempts: number): void {
    this.#settle(index, index + 1);
    const { headerBytes, first } = this.entry;
    this.#deadLetters.push({
      headerBytes,
      records: this.records(index, index + 1),
      count: 1,
      first: first + index,
      attempts,
      reason,
    });
  }

  #settle(from: number, to: number): void {
    this.settled.add(from, to);
    this.#changed = true;
  }

  #run(past: boolean, from: number, to: number, nowMs: number): number {
    this.#timesMs ??= this.#readTimes();
    let index = from;
    while (index < to && nowMs >= this.#expiryMs(index) === past) index++;
    return index - from;
  }

  #expiryMs(index: number): number {
    return this.#firstExpiryMs + (this.#timesMs?.[index] ?? 0);
  }

  /** Records that cannot be read expire together, with the first. */
  #readTimes(): Uint32Array {
    try {
      return timeOffsetsMs(this.entry.records, this.#walk());
    } catch {
      return new Uint32Array(this.entry.count);
    }
  }

  #walk(): Uint32Array {
    this.#offsets ??= offsetsOf(this.entry);
    return this.#offsets;
  }
}

/**
 * Nobody has read the records yet. Those that cannot be read all go with the first message: who is handed it says what is
 * wrong with them.
 */
function offsetsOf({ records, count }: Entry): Uint32Array {
  try {
    return recordOffsets(records, count);
  } catch {
    return new Uint32Array(count + 1).fill(records.length, 1);
  }
}

/** Bytes that are no header never expire: who is handed the messages says what is wrong with them. */
function expiryOf({ headerBytes }: Entry): number {
  try {
    return firstExpiryMs(headerBytes);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
