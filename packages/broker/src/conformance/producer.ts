import { randomBytes } from "node:crypto";
import { type Batch, BatchBuilder } from "@chappe/message";
import type { Store } from "../store.ts";

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
    const builder = new BatchBuilder({ sender: this.sender, address: this.address });
    for (const body of bodies) builder.add({ body }, 1_700_000_000_000);
    return builder.finish(this.#producerId, this.#producerId.length === 0 ? 0 : ++this.#sequence);
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
