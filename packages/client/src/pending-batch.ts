import {
  type Batch,
  type BatchBuilder,
  type ChappeError,
  firstMessageId,
  type FrameReceipt,
  markResent,
  type MessageInput,
  withId,
  withProducer,
} from "@chappe/message";
import { SendReceipt, type StoredBatch } from "./send-receipt.ts";

/** Settles one send: with its receipt, or with a promise that is already rejected. */
export type ResolveSend = (receipt: SendReceipt | Promise<never>) => void;

/** What a waiting send costs besides its bytes: its promise and the caller's suspended function. */
export const SEND_OVERHEAD_BYTES = 256;

/**
 * Where a batch stands.
 *
 * - `filling`: takes messages; it has no number. → `due` when it is full, its turn has come, or it is too old.
 * - `due`: is to be sent, for the first time or again. → `sent`.
 * - `sent`: the router has it, but has not answered. → `stored` or `failed`; → `due` when it must be sent again.
 * - `stored`: acknowledged; its sends are settled. Kept for a while, and → `due` if Redis lost it.
 * - `failed`: given up, or kept no longer; its sends are settled.
 */
export type BatchState = "filling" | "due" | "sent" | "stored" | "failed";

/** One batch on its way from the first `send` to its answer, with the promises of all its messages. */
export class PendingBatch {
  /** The options its messages share; empty for none. */
  readonly optionsKey: string;
  /** The ordering key its messages share; empty for none. */
  readonly orderingKey: string;
  /** Its sends are rejected when it is not stored by then. */
  readonly deadlineMs: number;
  /** Takes no messages from then on, so that one deadline does for all of them. */
  readonly closesMs: number;
  state: BatchState = "filling";
  /** Number of messages. */
  count = 0;
  /** Length of the records. */
  bytes = 0;
  /** How often it was sent. An answer to an earlier attempt is told by it. */
  attempt = 0;
  /** Up to this attempt, an answer may have been given before the store was lost from sight. */
  doubtfulAttempt = 0;
  /** Whether its sends are settled, one way or the other. */
  isSettled = false;
  /** Whether an earlier attempt may have stored it, though the store may have lost it since. */
  mayBeStored = false;
  /** When it was last acknowledged, milliseconds. */
  storedMs = 0;
  /** Until it is numbered. */
  #builder: BatchBuilder | undefined;
  /** From then on. */
  #batch: Batch | undefined;
  /** By index; undefined for messages that {@link PendingBatch.settled} answers. */
  #resolvers: (ResolveSend | undefined)[] = [];
  #ownIds: Map<number, string> | undefined;
  #settled: PromiseWithResolvers<StoredBatch> | undefined;

  constructor(
    builder: BatchBuilder,
    options: { readonly optionsKey: string; readonly orderingKey: string },
    deadlineMs: number,
    closesMs: number,
  ) {
    this.#builder = builder;
    this.optionsKey = options.optionsKey;
    this.orderingKey = options.orderingKey;
    this.deadlineMs = deadlineMs;
    this.closesMs = closesMs;
  }

  /** What it holds of the memory that pending sends may take. */
  get heldBytes(): number {
    return this.bytes + this.count * SEND_OVERHEAD_BYTES;
  }

  /** The sequence it was sent with; 0 before the first time. */
  get sequence(): number {
    return this.#batch?.header.sequence ?? 0;
  }

  /** The batch as it goes on the wire; there from the first {@link PendingBatch.number} on. */
  get batch(): Batch {
    return this.#batch as Batch;
  }

  /**
   * Adds a message. Returns how many bytes it takes, or -1 when it does not fit.
   *
   * @throws ChappeError INVALID_ARGUMENT for a bad message; nothing has changed then
   */
  add(message: MessageInput, nowMs: number): number {
    const builder = this.#builder;
    if (builder === undefined || builder.add(message, nowMs) < 0) return -1;
    if (message.id !== undefined) (this.#ownIds ??= new Map()).set(this.count, message.id);
    const added = builder.bytes - this.bytes;
    this.bytes += added;
    this.count++;
    return added;
  }

  /** Notes how to settle the message just added. A promise per message is the least that `await send()` can cost. */
  addSend(resolve: ResolveSend | undefined): void {
    this.#resolvers.push(resolve);
  }

  /** Settles with the batch, once for all the messages that have no promise of their own. */
  get settled(): Promise<StoredBatch> {
    if (this.#settled === undefined) {
      this.#settled = Promise.withResolvers();
      // Who asked may still be busy with other batches when this one fails.
      this.#settled.promise.catch(() => {});
    }
    return this.#settled.promise;
  }

  /** Gives it its place in a producer's order, anew if it had one. It takes no more messages. */
  number(producerId: Uint8Array, sequence: number): void {
    if (this.#builder === undefined) {
      this.#batch = withProducer(this.batch, producerId, sequence);
    } else {
      this.#batch = this.#builder.finish(producerId, sequence);
      // A batch may be kept for seconds, and there may be thousands: what only filling it needed must go.
      this.#builder = undefined;
    }
  }

  /** Says to its receivers that they may have had it before. */
  markResent(): void {
    this.#batch = markResent(this.batch);
  }

  /** Its only message goes under the id of the one that was stored in its place, should it be sent again. */
  takeId(id: string): void {
    if (firstMessageId(this.batch) !== id) this.#batch = withId(this.batch, id);
  }

  /** Resolves every send. */
  resolve(receipt: FrameReceipt): void {
    const stored: StoredBatch = {
      address: this.batch.header.address,
      firstId: this.batch.header.firstId,
      ownIds: this.#ownIds,
      durability: receipt.durability,
      duplicate: receipt.duplicate,
      epoch: receipt.epoch,
      originalId: receipt.originalId,
    };
    const resolvers = this.#resolvers;
    for (let index = 0; index < resolvers.length; index++) {
      resolvers[index]?.(new SendReceipt(stored, index));
    }
    this.#settled?.resolve(stored);
    this.#letGo();
  }

  /** Rejects every send. */
  reject(error: ChappeError): void {
    for (const resolve of this.#resolvers) resolve?.(Promise.reject(error));
    this.#settled?.reject(error);
    this.#letGo();
  }

  #letGo(): void {
    this.isSettled = true;
    this.#resolvers = [];
    this.#ownIds = undefined;
    this.#settled = undefined;
  }
}
