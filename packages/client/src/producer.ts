import { randomFillSync } from "node:crypto";
import { type Durability, FULL_BATCH_BYTES } from "@chappe/message";
import { Fifo } from "./fifo.ts";
import type { PendingBatch } from "./pending-batch.ts";

const MIN_EXPECTED_BYTES = 256;

/** Who a {@link Producer} sends for, and where to. */
export interface ProducerIdentity {
  readonly sender: string;
  /** `receiver:<id>` or `topic:<name>`. */
  readonly address: string;
  /** The key under which messages name the address. */
  readonly destinationKey: "to" | "topic";
  readonly durability: Durability;
}

/**
 * The order of one sender's batches to one address: which comes next, and what to send again after a gap, an error or a
 * lost stream. Pure; what it says is due, somebody else sends.
 *
 * The router stores a batch once for each (producer id, sequence), and none that leaves a gap. So whatever is unanswered
 * may be sent again in its order at any time. A new producer id is safe, too, as soon as it is known that what gets it was
 * not stored: when a batch before it is missing.
 */
export class Producer {
  readonly identity: ProducerIdentity;
  /** Whether it waits in the {@link SendLine}, and whether it must not for now. Both are that line's. */
  isQueued = false;
  isHeld = false;
  #id: Uint8Array = newProducerId();
  #nextSequence = 1;
  /** Batches that have a sequence, ascending: those kept for healing, then those unanswered. */
  #numbered: PendingBatch[] = [];
  /** Index of the first of them that may be due. */
  #cursor = 0;
  /** Batches that have none yet, in the order they were begun. */
  readonly #unnumbered = new Fifo<PendingBatch>();
  /** The batch that takes the messages without options. */
  #plain: PendingBatch | undefined;
  /** The batches that take the messages with options, by those. */
  #withOptions: Map<string, PendingBatch> | undefined;
  /** The last batch of each ordering key, while it takes messages. */
  #byOrderingKey: Map<string, PendingBatch> | undefined;

  #epoch: string | undefined;
  /** Length of the last batch: the next will probably be as long. */
  #lastBytes = 0;

  constructor(identity: ProducerIdentity) {
    this.identity = identity;
  }

  /** How long the records of the next batch will probably become. */
  get expectedBytes(): number {
    return Math.min(FULL_BATCH_BYTES, Math.max(MIN_EXPECTED_BYTES, this.#lastBytes * 1.25));
  }

  /** The batch that takes messages with these options now. Empty: no options. */
  filling(optionsKey: string): PendingBatch | undefined {
    const batch = optionsKey === "" ? this.#plain : this.#withOptions?.get(optionsKey);
    return batch?.state === "filling" ? batch : undefined;
  }

  /** Lets a batch take messages, in place of the one before. */
  begin(batch: PendingBatch): void {
    const before = this.filling(batch.optionsKey);
    if (before !== undefined) before.state = "due";
    if (batch.orderingKey !== "") this.#follow(batch);
    this.#unnumbered.push(batch);
    if (batch.optionsKey === "") this.#plain = batch;
    else (this.#withOptions ??= new Map()).set(batch.optionsKey, batch);
  }

  /** Messages of one ordering key may differ in other options. What comes next must not slip into a batch before this one. */
  #follow(batch: PendingBatch): void {
    this.#byOrderingKey ??= new Map();
    const before = this.#byOrderingKey.get(batch.orderingKey);
    if (before?.state === "filling") before.state = "due";
    this.#byOrderingKey.set(batch.orderingKey, batch);
  }

  /** Whether there is something to send. */
  get hasDue(): boolean {
    this.#skip();
    return this.#cursor < this.#numbered.length || this.#unnumbered.length > 0;
  }

  /** Whether every batch has its answer, and none is kept. */
  get isIdle(): boolean {
    return this.#numbered.length === 0 && this.#unnumbered.length === 0;
  }

  /** Takes the batch to send next, numbered. */
  next(): PendingBatch | undefined {
    this.#skip();
    let batch = this.#numbered[this.#cursor];
    if (batch === undefined) {
      batch = this.#unnumbered.shift();
      if (batch === undefined) return undefined;
      this.#stopFilling(batch);
      this.#lastBytes = batch.bytes;
      batch.number(this.#id, this.#nextSequence++);
      this.#numbered.push(batch);
    }
    this.#cursor++;
    if (batch.mayBeStored) batch.markResent();
    batch.state = "sent";
    batch.attempt++;
    return batch;
  }

  /** An acknowledged batch is kept no longer, and not sent again. */
  forget(batch: PendingBatch): void {
    batch.state = "failed";
    this.#remove(batch);
  }

  /**
   * Gives a batch up: its time is over, or the router refused it. If it was not stored, those behind it will be answered
   * with a gap, and {@link Producer.goOnFrom} mends that. Only then is it known that nothing before it is missing, too.
   */
  abandon(batch: PendingBatch): void {
    batch.state = "failed";
    if (batch.sequence > 0) this.#remove(batch);
    else this.#stopFilling(batch);
  }

  /** Makes a batch due again, and all that were sent after it. */
  retry(batch: PendingBatch): void {
    const index = this.#numbered.indexOf(batch);
    if (index >= 0) this.#rewind(index, isUnanswered);
  }

  /** The stream is gone: all that is unanswered is due again. */
  retryAll(): void {
    this.#rewind(0, isUnanswered);
  }

  /**
   * The router has nothing from `expected` on. What is held from there on is due again, acknowledged batches included:
   * the store lost them. If even older ones are missing, it goes on under a new producer id.
   *
   * @returns how many acknowledged batches are due again
   */
  goOnFrom(expected: number): number {
    const lost = this.#numbered.filter((batch) => batch.sequence >= expected || isUnanswered(batch));
    const healed = lost.filter((batch) => !isUnanswered(batch)).length;
    const index = this.#numbered.findIndex((batch) => batch.sequence === expected);
    if (index >= 0) this.#rewind(index, () => true);
    else this.#renumber(lost);
    return healed;
  }

  /**
   * Makes the last acknowledged batch due again, to see whether the store still has it: it is answered as a duplicate, or
   * with the gap that shows what is missing. Nothing if others are unanswered: their answers will show as much.
   */
  probe(): PendingBatch | undefined {
    const last = this.#numbered.at(-1);
    if (last?.state !== "stored") return undefined;
    last.state = "due";
    this.#cursor = Math.min(this.#cursor, this.#numbered.length - 1);
    return last;
  }

  /** Notes the epoch of a receipt. Returns whether it is another one than before. */
  noteEpoch(epoch: string): boolean {
    const isOther = this.#epoch !== undefined && this.#epoch !== epoch;
    this.#epoch = epoch;
    return isOther;
  }

  #rewind(from: number, isDue: (batch: PendingBatch) => boolean): void {
    for (let index = from; index < this.#numbered.length; index++) {
      const batch = this.#numbered[index] as PendingBatch;
      if (isDue(batch)) batch.state = "due";
    }
    this.#cursor = Math.min(this.#cursor, from);
  }

  #renumber(batches: PendingBatch[]): void {
    this.#id = newProducerId();
    this.#nextSequence = 1;
    this.#numbered = batches;
    this.#cursor = 0;
    for (const batch of batches) {
      batch.number(this.#id, this.#nextSequence++);
      batch.state = "due";
    }
  }

  #stopFilling(batch: PendingBatch): void {
    if (this.#plain === batch) this.#plain = undefined;
    else if (this.#withOptions?.get(batch.optionsKey) === batch) this.#withOptions.delete(batch.optionsKey);
    if (this.#byOrderingKey?.get(batch.orderingKey) === batch) this.#byOrderingKey.delete(batch.orderingKey);
  }

  #remove(batch: PendingBatch): void {
    const index = this.#numbered.indexOf(batch);
    if (index < 0) return;
    // Nearly always it is the oldest.
    if (index === 0) this.#numbered.shift();
    else this.#numbered.splice(index, 1);
    if (index < this.#cursor) this.#cursor--;
  }

  /** Passes over what is not due: batches answered, or given up, while they waited to be sent again. */
  #skip(): void {
    while (this.#cursor < this.#numbered.length && this.#numbered[this.#cursor]?.state !== "due") this.#cursor++;
    while (this.#unnumbered.peek()?.state === "failed") this.#unnumbered.shift();
  }
}

function isUnanswered(batch: PendingBatch): boolean {
  return batch.state !== "stored";
}

function newProducerId(): Uint8Array {
  return randomFillSync(new Uint8Array(16));
}
