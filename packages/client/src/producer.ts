import { type Durability, FULL_BATCH_BYTES } from "@chappe/message";
import type { Backoff } from "./backoff.ts";
import { Fifo } from "./fifo.ts";
import { isUnanswered, NumberedBatches } from "./numbered-batches.ts";
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
 * not stored: when a batch before it is missing. What was acknowledged under the id before stays there, as long as it is
 * kept, and is sent again under that id, ahead of all else, if the store lost it.
 */
export class Producer {
  readonly identity: ProducerIdentity;
  /** Whether it waits in the {@link SendLine}, and whether it must not for now. Both are that line's. */
  isQueued = false;
  isHeld = false;
  /** Its pauses, if it has had trouble since its last success, and whether that was told. The {@link HeldProducers}' business. */
  backoff: Backoff | undefined;
  isTroubleTold = false;
  /** Batches that have a sequence, by producer id: last the id in use, before it those under which batches are kept. */
  readonly #ids: NumberedBatches[] = [new NumberedBatches()];
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
    for (const numbered of this.#ids) if (numbered.hasDue) return true;
    return this.#hasUnnumbered;
  }

  get #hasUnnumbered(): boolean {
    // Past what was given up before it was sent.
    while (this.#unnumbered.peek()?.state === "failed") this.#unnumbered.shift();
    return this.#unnumbered.length > 0;
  }

  /** Whether every batch has its answer, and none is kept. */
  get isIdle(): boolean {
    return this.#unnumbered.length === 0 && this.#ids.length === 1 && this.#inUse.isEmpty;
  }

  /** Whether sends wait whose answer will show what the store has of those before. */
  get isBusy(): boolean {
    return this.#hasUnnumbered || this.#inUse.endsUnsettled;
  }

  /** Takes the batch to send next, numbered. */
  next(): PendingBatch | undefined {
    if (!this.hasDue) return undefined;
    const batch = this.#nextNumbered() ?? this.#numberNext();
    if (batch.mayBeStored) batch.markResent();
    batch.state = "sent";
    batch.attempt++;
    return batch;
  }

  #nextNumbered(): PendingBatch | undefined {
    for (const numbered of this.#ids) {
      const batch = numbered.next();
      if (batch !== undefined) return batch;
    }
    return undefined;
  }

  #numberNext(): PendingBatch {
    const batch = this.#unnumbered.shift() as PendingBatch;
    this.#stopFilling(batch);
    this.#lastBytes = batch.bytes;
    this.#inUse.add(batch);
    return this.#inUse.next() as PendingBatch;
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

  /** Makes a batch due again that was refused for now, and all that were sent after it under the same producer id. */
  retry(batch: PendingBatch): void {
    this.#idOf(batch)?.retry(batch);
  }

  /** As {@link Producer.retry}, where nobody knows whether they were stored: they go out as what may have been handed out. */
  retryUnsure(batch: PendingBatch): void {
    this.#idOf(batch)?.retryUnsure(batch);
  }

  /** The stream is gone: all that is unanswered is due again, as what may have been handed out. */
  retryAll(): void {
    for (const numbered of this.#ids) numbered.retryAll();
  }

  /**
   * A batch was answered with a gap: the router has nothing from `expected` on. What is held from there on under the same
   * producer id is due again, acknowledged batches included: the store lost them. If even older ones are missing, it goes
   * on under a new producer id.
   *
   * @returns how many acknowledged batches are due again
   */
  goOnFrom(batch: PendingBatch, expected: number): number {
    const numbered = this.#idOf(batch);
    if (numbered === undefined) return 0;
    const lost = numbered.lostFrom(expected);
    const healed = lost.filter((each) => !isUnanswered(each)).length;
    if (!numbered.rewindTo(expected)) this.#renumber(numbered, lost);
    return healed;
  }

  /**
   * The store may have lost what it acknowledged last: makes due again what shows it, and returns that. Of the id in use
   * that is the last batch: it is answered as a duplicate, or with the gap that shows what is missing. Nothing if others
   * are to be answered: their answers will show as much. Before it goes what {@link Producer.askEarlier} names.
   */
  ask(): PendingBatch[] {
    return [...this.askEarlier(), ...(this.#hasUnnumbered ? [] : this.#inUse.askLast())];
  }

  /**
   * As {@link Producer.ask}, of earlier ids alone. All that is kept under them goes out again, ahead of what follows: no gap
   * of theirs holds up the id in use, so an answer would come too late for the order.
   */
  askEarlier(): PendingBatch[] {
    return this.#ids.slice(0, -1).flatMap((numbered) => numbered.askAll());
  }

  /** Notes the epoch of a receipt. Returns whether it is another one than before. */
  noteEpoch(epoch: string): boolean {
    const isOther = this.#epoch !== undefined && this.#epoch !== epoch;
    this.#epoch = epoch;
    return isOther;
  }

  get #inUse(): NumberedBatches {
    return this.#ids.at(-1) as NumberedBatches;
  }

  #idOf(batch: PendingBatch): NumberedBatches | undefined {
    for (const numbered of this.#ids) if (numbered.owns(batch)) return numbered;
    return undefined;
  }

  /** Moves batches to an id of their own, right behind the one they had. */
  #renumber(from: NumberedBatches, batches: readonly PendingBatch[]): void {
    const to = new NumberedBatches();
    from.giveAway(batches);
    for (const batch of batches) to.add(batch);
    this.#ids.splice(this.#ids.indexOf(from), 1, ...(from.isEmpty ? [] : [from]), to);
  }

  #stopFilling(batch: PendingBatch): void {
    if (this.#plain === batch) this.#plain = undefined;
    else if (this.#withOptions?.get(batch.optionsKey) === batch) this.#withOptions.delete(batch.optionsKey);
    if (this.#byOrderingKey?.get(batch.orderingKey) === batch) this.#byOrderingKey.delete(batch.orderingKey);
  }

  #remove(batch: PendingBatch): void {
    const numbered = this.#idOf(batch);
    if (numbered === undefined) return;
    numbered.remove(batch);
    if (numbered.isEmpty && numbered !== this.#inUse) this.#ids.splice(this.#ids.indexOf(numbered), 1);
  }
}
