import { BatchBuilder, deliverAtMsOf, type MessageInput } from "@chappe/message";
import type { PendingBudget } from "./pending-budget.ts";
import { PendingBatch, SEND_OVERHEAD_BYTES } from "./pending-batch.ts";
import type { Producer } from "./producer.ts";
import type { SendDeadlines } from "./send-deadlines.ts";

/** What a {@link MessageIntake} works with. */
export interface MessageIntakeParts {
  readonly budget: PendingBudget;
  readonly deadlines: SendDeadlines;
  readonly maxMessageBytes: number;
  /** How long a send may take, milliseconds. */
  readonly sendTimeoutMs: number;
}

/**
 * The longest time in which one batch is filled, as a share of the send timeout. All its messages share the last one's
 * deadline; so a send fails late by at most this share.
 */
const FILLING_SHARE = 1 / 10;
const MAX_FILLING_MS = 1_000;

/** Puts each message into the open batch of its producer and options, and opens the next batch when one is full. */
export class MessageIntake {
  readonly #parts: MessageIntakeParts;
  readonly #fillingMs: number;
  #unsentBytes = 0;

  constructor(parts: MessageIntakeParts) {
    this.#parts = parts;
    this.#fillingMs = Math.min(MAX_FILLING_MS, parts.sendTimeoutMs * FILLING_SHARE);
  }

  /** Bytes of records that were added, and have not left. */
  get unsentBytes(): number {
    return this.#unsentBytes;
  }

  /** A batch leaves: it is sent for the first time, or given up before. */
  leave(batch: PendingBatch): void {
    this.#unsentBytes -= batch.bytes;
  }

  /**
   * Adds a message. Returns the batch it is in, as the last one of that batch so far.
   *
   * @throws ChappeError INVALID_ARGUMENT for a bad message; nothing has changed then
   */
  add(producer: Producer, message: MessageInput, nowMs: number): PendingBatch {
    const optionsKey = hasBatchOptions(message) ? optionsKeyOf(message) : "";
    const filling = producer.filling(optionsKey);
    if (filling !== undefined && nowMs < filling.closesMs) {
      const bytes = filling.add(message, nowMs);
      if (bytes >= 0) {
        this.#take(bytes);
        return filling;
      }
    }
    const batch = this.#newBatch(producer, optionsKey, message, nowMs);
    // Before it is begun: a batch whose first message is bad must not stay behind, empty.
    this.#take(batch.add(message, nowMs));
    producer.begin(batch);
    this.#parts.deadlines.add(producer, batch);
    return batch;
  }

  #take(bytes: number): void {
    this.#unsentBytes += bytes;
    this.#parts.budget.take(bytes + SEND_OVERHEAD_BYTES);
  }

  #newBatch(producer: Producer, optionsKey: string, message: MessageInput, nowMs: number): PendingBatch {
    const { sender, address } = producer.identity;
    const { orderingKey, ttlMs, deduplicationId } = message;
    const options =
      optionsKey === ""
        ? { sender, address }
        : { sender, address, orderingKey, ttlMs, deliverAtMs: deliverAtMsOf(message.deliverAt), deduplicationId };
    const builder = new BatchBuilder(options, {
      maxMessageBytes: this.#parts.maxMessageBytes,
      expectedBytes: producer.expectedBytes,
      destinationKey: producer.identity.destinationKey,
    });
    const closesMs = nowMs + this.#fillingMs;
    const keys = { optionsKey, orderingKey: orderingKey ?? "" };
    return new PendingBatch(builder, keys, closesMs + this.#parts.sendTimeoutMs, closesMs);
  }
}

/** Whether a message has one of the options that all messages of a batch must share. */
function hasBatchOptions(message: MessageInput): boolean {
  return (
    message.orderingKey !== undefined ||
    message.ttlMs !== undefined ||
    message.deliverAt !== undefined ||
    message.deduplicationId !== undefined
  );
}

function optionsKeyOf(message: MessageInput): string {
  const { orderingKey, ttlMs, deduplicationId } = message;
  return JSON.stringify([orderingKey, ttlMs, deliverAtMsOf(message.deliverAt), deduplicationId]);
}
