import { type Durability, messageIdAt } from "@chappe/message";

/** What all messages of a stored batch have in common. Held by their receipts, so it must not hold the batch's bytes. */
export interface StoredBatch {
  /** `receiver:<id>` or `topic:<name>`. */
  readonly address: string;
  readonly firstId: Uint8Array;
  /** Ids that the sender chose, by index. */
  readonly ownIds: ReadonlyMap<number, string> | undefined;
  readonly durability: Durability;
  readonly duplicate: boolean;
  readonly epoch: string;
  /** Id of the message that was stored before under the batch's deduplication id. */
  readonly originalId: string | undefined;
}

/** What `send` resolves with: the message is stored. */
export class SendReceipt {
  readonly #batch: StoredBatch;
  readonly #index: number;

  /** @internal */
  constructor(batch: StoredBatch, index: number) {
    this.#batch = batch;
    this.#index = index;
  }

  /**
   * Id of the message that is stored: the one it was given, else a UUIDv7; or that of the message that was stored before under
   * its deduplication id. Made when asked for.
   */
  get id(): string {
    const { originalId } = this.#batch;
    if (originalId !== undefined) return originalId;
    return this.#batch.ownIds?.get(this.#index) ?? messageIdAt(this.#batch.firstId, this.#index);
  }

  /** Where it was sent to: `receiver:<id>` or `topic:<name>`. */
  get address(): string {
    return this.#batch.address;
  }

  /** What was reached. */
  get durability(): Durability {
    return this.#batch.durability;
  }

  /**
   * It had been stored before: an earlier attempt to send it had, though its answer was lost, or a message with its
   * deduplication id. It is stored once.
   */
  get duplicate(): boolean {
    return this.#batch.duplicate;
  }

  /** Identity of the address's history. A value other than last time's says that earlier messages were lost. */
  get epoch(): string {
    return this.#batch.epoch;
  }
}
