import {
  type Batch,
  ChappeError,
  decodeBatchHeader,
  firstMessageId,
  isIdAmong,
  newId,
  parseAddress,
} from "@chappe/message";
import type { StartFrom } from "../broker.ts";
import type { AddressDetails } from "../administrable.ts";
import { isQueueFull, queueFullError, type QueueLimits } from "../queue-limits.ts";
import type { AddressState, AppendResult } from "../store.ts";
import { alreadyDelayedError } from "../store-errors.ts";
import { DelayedMessages } from "./delayed-messages.ts";
import { DeduplicationIds } from "./deduplication-ids.ts";
import { History, type Retention } from "./history.ts";
import type { MemoryInstance } from "./memory-instance.ts";
import { MemorySubscription } from "./memory-subscription.ts";
import { OrderingKeys } from "./ordering-keys.ts";
import { ProducerSequences } from "./producer-sequences.ts";
import type { MemoryBudget, StoredPart } from "./stored-part.ts";

/** What a {@link MemoryAddress} shares with all others. */
export interface AddressSurroundings {
  readonly budget: MemoryBudget;
  readonly retention: Retention;
  /** How long deduplication ids are remembered. */
  readonly windowMs: number;
  readonly queueLimits: QueueLimits;
  readonly nextRef: () => string;
}

/** Everything one address holds. */
export class MemoryAddress {
  readonly epoch = newId();
  readonly isTopic: boolean;
  readonly #address: string;
  readonly #shared: AddressSurroundings;
  readonly #history: History;
  readonly #subscriptions = new Map<string, MemorySubscription>();
  readonly #producers = new ProducerSequences();
  readonly #deduplication: DeduplicationIds;
  readonly #delayed = new DelayedMessages();
  readonly #keys = new OrderingKeys((position) => this.#isOpen(position));
  /** Subscriptions that were deleted, and not made anew since. */
  readonly #deleted = new Set<string>();
  #published = 0;
  #publishedBytes = 0;

  constructor(address: string, shared: AddressSurroundings) {
    this.#address = address;
    this.#shared = shared;
    this.#deduplication = new DeduplicationIds(shared.windowMs);
    this.isTopic = parseAddress(address).kind === "topic";
    this.#history = new History(shared.budget, this.isTopic ? shared.retention : undefined);
    if (!this.isTopic) this.subscription("", "earliest");
  }

  stateAt(nowMs: number): AddressState {
    return {
      address: this.#address,
      epoch: this.epoch,
      published: this.#published,
      publishedBytes: this.#publishedBytes,
      delayed: this.#delayed.count,
      subscriptions: [...this.#subscriptions.values()].map((subscription) => subscription.stateAt(nowMs)),
    };
  }

  /** @param watchersOf how many instances read a subscription */
  detailsAt(nowMs: number, watchersOf: (subscription: string) => number): AddressDetails {
    const subscriptions = [...this.#subscriptions].map(([name, subscription]) => ({
      ...subscription.detailsAt(nowMs),
      watchers: watchersOf(name),
    }));
    return { ...this.stateAt(nowMs), subscriptions };
  }

  /** Whether it has messages, be it only for subscriptions yet to come or for later, or dead letters. */
  isFilledAt(nowMs: number): boolean {
    if (this.#history.end > this.#history.start || this.#delayed.count > 0) return true;
    return [...this.#subscriptions.values()].some((subscription) => subscription.isFilledAt(nowMs));
  }

  /**
   * Answers a batch that is not to be stored: it, or its deduplication id, was before; it leaves a gap; or a message of its
   * id waits for its time already.
   */
  answerUnstored(batch: Batch, nowMs: number): AppendResult | undefined {
    const verdict = this.#producers.judge(batch);
    const originalId = this.#deduplication.originalOf(batch.header, nowMs);
    switch (verdict.kind) {
      case "next":
        if (originalId === undefined) return this.#refuseWaiting(batch, nowMs);
        this.#producers.note(batch, nowMs);
        return { ok: true, duplicate: true, epoch: this.epoch, durability: "accepted", originalId };
      case "duplicate":
        return { ok: true, duplicate: true, epoch: this.epoch, durability: "accepted", originalId };
      case "gap":
        return { ok: false, error: verdict.error };
    }
  }

  /** Answers a batch for which a receiver's queue is too full. A topic drops its oldest instead. */
  answerFull(): AppendResult | undefined {
    const { queueLimits } = this.#shared;
    const fill = this.isTopic ? undefined : this.existing("")?.fill;
    if (fill === undefined || !isQueueFull(fill, queueLimits)) return undefined;
    return { ok: false, error: queueFullError(this.#address, fill, queueLimits) };
  }

  /** Stores a batch that follows its producer's last. */
  store(batch: Batch, nowMs: number): AppendResult {
    const { headerBytes, records, header } = batch;
    const { count } = header;
    this.#producers.note(batch, nowMs);
    if (header.deduplicationId !== "") this.#deduplication.note(header, firstMessageId(batch), nowMs);
    // What is delayed has no ordering key.
    const follows = header.orderingKey === "" ? undefined : this.#keys.next(header.orderingKey, this.#history.end);
    const part = this.#shared.budget.keep({ headerBytes, records, count, first: 0, follows });
    if (header.deliverAtMs > nowMs) this.#delayed.add(delayedKeyOf(batch), header.deliverAtMs, part);
    else this.#join(part, nowMs);
    return { ok: true, duplicate: false, epoch: this.epoch, durability: "accepted" };
  }

  /** Lets delayed messages join whose time has come; says whether there were any. */
  promote(nowMs: number): boolean {
    let any = false;
    for (let part = this.#delayed.takeDue(nowMs); part !== undefined; part = this.#delayed.takeDue(nowMs)) {
      this.#join(part, nowMs);
      any = true;
    }
    return any;
  }

  /** Milliseconds until the next delayed message falls due; undefined when none waits. */
  nextDelayedMs(nowMs: number): number | undefined {
    const { nextDueMs } = this.#delayed;
    return nextDueMs === undefined ? undefined : Math.max(0, nextDueMs - nowMs);
  }

  /** Takes back a sender's delayed message, and frees its deduplication id; says whether it was waiting. */
  cancel(sender: string, id: string): boolean {
    return this.#takeBack(`${sender}/${id}`);
  }

  /** Takes back all delayed messages, and frees their deduplication ids; says how many. */
  purgeDelayed(): number {
    return this.#delayed.keys().filter((key) => this.#takeBack(key)).length;
  }

  /** The subscription of this name, made if it is not there. */
  subscription(name: string, startFrom: StartFrom): MemorySubscription {
    let subscription = this.#subscriptions.get(name);
    if (subscription === undefined) {
      const cursor = this.isTopic ? this.#positionOf(startFrom) : this.#history.start;
      subscription = new MemorySubscription(name, cursor, { ...this.#shared, history: this.#history });
      this.#subscriptions.set(name, subscription);
      this.#deleted.delete(name);
    }
    return subscription;
  }

  /**
   * The subscription of this name, for one who has read it before. One that vanished with its address's history starts
   * over at the new history's beginning; one that was deleted, with what comes.
   */
  readAgain(name: string): MemorySubscription {
    return this.subscription(name, this.#deleted.has(name) ? "latest" : "earliest");
  }

  /** Deletes the subscription of this name, and all it has. */
  delete(name: string): void {
    this.#subscriptions.get(name)?.releaseAll();
    this.#subscriptions.delete(name);
    this.#deleted.add(name);
  }

  /** Gives back the room of all it has. It is not to be used any more. */
  releaseAll(): void {
    for (const subscription of this.#subscriptions.values()) subscription.releaseAll();
    this.#history.dropAll();
    for (let part = this.#delayed.takeDue(Infinity); part !== undefined; part = this.#delayed.takeDue(Infinity)) {
      this.#shared.budget.release(part);
    }
  }

  /** Moves a subscription. @throws ChappeError NOT_FOUND for a message that is not here */
  seek(name: string, position: StartFrom): void {
    this.#subscriptions.get(name)?.seek(this.#positionOf(position));
  }

  /** The subscription of this name, if it is there. */
  existing(name: string): MemorySubscription | undefined {
    return this.#subscriptions.get(name);
  }

  /** Drops what is past the retention, and forgets deduplication ids whose window is over. */
  dropOld(nowMs: number): void {
    this.#deduplication.forgetOld(nowMs);
    this.#history.dropOld(nowMs, (position, count) => {
      for (const subscription of this.#subscriptions.values()) subscription.noteDropped(position, count);
    });
    if (!this.isTopic) return;
    const oldestMs = nowMs - this.#shared.retention.retentionMs;
    for (const subscription of this.#subscriptions.values()) subscription.dropRetries(oldestMs);
  }

  /** Drops what is kept only for subscriptions yet to come. */
  dropRead(): void {
    this.#history.dropBefore(this.#readByAll());
  }

  /** Frees what `owner` owns here; says whether that was anything. */
  abandon(owner: MemoryInstance): boolean {
    let any = false;
    for (const subscription of this.#subscriptions.values()) any = subscription.abandon(owner) || any;
    return any;
  }

  #join(part: StoredPart, nowMs: number): void {
    this.#history.append(part, nowMs);
    for (const subscription of this.#subscriptions.values()) subscription.noteAppended(part);
    this.#published += part.count;
    this.#publishedBytes += part.records.length;
    this.dropOld(nowMs);
  }

  #takeBack(key: string): boolean {
    const part = this.#delayed.cancel(key);
    if (part === undefined) return false;
    this.#deduplication.free(decodeBatchHeader(part.headerBytes), key.slice(key.indexOf("/") + 1));
    this.#shared.budget.release(part);
    return true;
  }

  #refuseWaiting(batch: Batch, nowMs: number): AppendResult | undefined {
    if (batch.header.deliverAtMs <= nowMs || !this.#delayed.has(delayedKeyOf(batch))) return undefined;
    return { ok: false, error: alreadyDelayedError(firstMessageId(batch)) };
  }

  /** Whether a batch with an ordering key may yet be read, or is not settled, by some subscription. */
  #isOpen(position: number): boolean {
    if (this.isTopic && position >= this.#history.start) return true;
    return [...this.#subscriptions.values()].some((subscription) => subscription.isOpen(position));
  }

  #positionOf(startFrom: StartFrom): number {
    if (startFrom === "latest") return this.#history.end;
    if (startFrom === "earliest") return this.#history.start;
    if ("timeMs" in startFrom) return this.#history.firstWhere(({ storedMs }) => storedMs >= startFrom.timeMs);
    const { messageId } = startFrom;
    const position = this.#history.firstWhere(({ part }) => holds(part, messageId));
    if (position < this.#history.end) return position;
    throw new ChappeError("NOT_FOUND", `${this.#address} keeps no message ${messageId}`);
  }

  /** Position up to which every subscription has read. */
  #readByAll(): number {
    let position = this.#history.end;
    for (const { cursor } of this.#subscriptions.values()) position = Math.min(position, cursor);
    return position;
  }
}

/** A sender's name has no "/". */
function delayedKeyOf(batch: Batch): string {
  return `${batch.header.sender}/${firstMessageId(batch)}`;
}

function holds({ headerBytes, count }: StoredPart, messageId: string): boolean {
  return isIdAmong(messageId, decodeBatchHeader(headerBytes).firstId, count);
}
