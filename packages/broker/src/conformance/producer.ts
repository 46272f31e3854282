import { randomBytes } from "node:crypto";
import { type Batch, BatchBuilder, type BatchOptions, type MessageInput } from "@chappe/message";
import type { Store } from "../store.ts";

/** What a broker acts on, for all messages of a batch. */
export type ActedOn = Omit<BatchOptions, "sender" | "address">;

/** A message at a time of its own, milliseconds since 1970-01-01 UTC. */
export interface TimedMessage extends Pick<MessageInput, "body" | "id"> {
  readonly timeMs: number;
}

/** Makes the batches of one sender for one address, numbered from 1. */
export class Producer {
  readonly address: string;
  readonly sender: string;
  readonly #producerId: Uint8Array;
  #sequence = 0;

  /** @param identified false: batches carry no producer id, and so no protection against being stored twice */
  constructor(address = "receiver:receiver-01", sender = "sender-01", { identified = true } = {}) {
    this.address = address;
    this.sender = sender;
    this.#producerId = identified ? randomBytes(16) : new Uint8Array(0);
  }

  /** The next batch, with one message for each body. */
  batch(...bodies: (string | Uint8Array)[]): Batch {
    return this.batchWith({}, ...bodies.map((body) => ({ body, timeMs: 1_700_000_000_000 })));
  }

  /** The next batch, with options for all its messages. */
  batchWith(options: ActedOn, ...messages: readonly TimedMessage[]): Batch {
    const { deliverAtMs, ...others } = options;
    const builder = new BatchBuilder({ sender: this.sender, address: this.address, ...options });
    for (const { timeMs, ...message } of messages) {
      builder.add({ ...message, ...others, ...(deliverAtMs !== undefined && { deliverAt: deliverAtMs }) }, timeMs);
    }
    return builder.finish(this.#producerId, this.#producerId.length === 0 ? 0 : ++this.#sequence);
  }

  /** The next batch, of messages with an ordering key. */
  ordered(orderingKey: string, ...bodies: string[]): Batch {
    return this.batchWith({ orderingKey }, ...bodies.map((body) => ({ body, timeMs: 1_700_000_000_000 })));
  }

  /** The next `count` batches, each with one message: "`prefix`1", "`prefix`2", … */
  batches(count: number, prefix = ""): Batch[] {
    return Array.from({ length: count }, (_, index) => this.batch(`${prefix}${index + 1}`));
  }
}

/** Stores batches. @throws what the store refuses one with */
export async function appendAll(store: Store, batches: readonly Batch[]): Promise<void> {
  for (const result of await store.append(batches, "accepted")) if (!result.ok) throw result.error;
}
