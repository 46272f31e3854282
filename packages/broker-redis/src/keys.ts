import { partitionOf } from "./partition.ts";
import type { SubscriptionName } from "@chappe/broker";
import type { BatchHeader } from "@chappe/message";

/** Keys of one subscription. README.md says what each holds. */
export interface SubscriptionKeys {
  readonly stream: string;
  readonly retries: string;
  readonly waiting: string;
  readonly dead: string;
  readonly subscription: string;
  readonly progress: string;
  readonly handed: string;
  readonly meta: string;
  readonly delayed: string;
  readonly delayedEntries: string;
  readonly marks: string;
  readonly addresses: string;
  /** Channel of the address's wake-ups. */
  readonly wakes: string;
  /** Channel to which whoever reads a topic's subscription listens, so that it can be seen. */
  readonly reads: string;
}

/** Keys of an address, whoever reads it. */
export interface AddressKeys {
  readonly stream: string;
  readonly meta: string;
  readonly delayed: string;
  readonly delayedEntries: string;
  /** Of a topic. */
  readonly marks: string;
  readonly wakes: string;
}

/**
 * Names every key and channel. All of one partition carry its hash tag, such as `chappe:{p17}:stream:receiver:ada`, so
 * that what a script touches is in one slot of a cluster. A name's grammar has neither `:` nor `/`, which keeps the
 * parts apart.
 */
export class Keys {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Says that an instance lives. In a slot of its own. */
  liveness(instance: string): string {
    return `${this.#prefix}:instance:{${instance}}`;
  }

  /** What barrier keys begin with: written for their place in the replication stream and the append-only file alone. */
  barrier(partition: number, instance: string): string {
    return `${this.#prefix}:{p${partition}}:barrier:${instance}`;
  }

  /** Set of the addresses in use of a partition. */
  addresses(partition: number): string {
    return `${this.#prefix}:{p${partition}}:addresses`;
  }

  /** @param partition of the address, where the caller has it already */
  address(address: string, partition = partitionOf(address)): AddressKeys {
    const tagged = `${this.#prefix}:{p${partition}}`;
    return {
      stream: `${tagged}:stream:${address}`,
      meta: `${tagged}:meta:${address}`,
      delayed: `${tagged}:delayed:${address}`,
      delayedEntries: `${tagged}:delayed-entries:${address}`,
      marks: `${tagged}:marks:${address}`,
      wakes: `${tagged}:wakes:${address}`,
    };
  }

  /** Last sequence of a producer at an address. */
  producer(address: string, producerId: Uint8Array, partition = partitionOf(address)): string {
    const id = Buffer.from(producerId.buffer, producerId.byteOffset, producerId.length).toString("hex");
    return `${this.#prefix}:{p${partition}}:producer:${address}/${id}`;
  }

  /** Message that was stored under a sender's deduplication id. An id may hold anything; nothing comes behind it. */
  deduplication({ address, sender, deduplicationId }: BatchHeader, partition = partitionOf(address)): string {
    return `${this.#prefix}:{p${partition}}:deduplication:${address}/${sender}/${deduplicationId}`;
  }

  /** Last entry of each ordering key of an address. */
  orderingKeys(address: string, partition = partitionOf(address)): string {
    return `${this.#prefix}:{p${partition}}:keys:${address}`;
  }

  subscription({ address, subscription }: SubscriptionName): SubscriptionKeys {
    const partition = partitionOf(address);
    const key = (what: string) => `${this.#prefix}:{p${partition}}:${what}:${address}/${subscription}`;
    return {
      ...this.address(address, partition),
      reads: key("reads"),
      retries: key("retries"),
      waiting: key("waiting"),
      dead: key("dead"),
      subscription: key("subscription"),
      progress: key("progress"),
      handed: key("handed"),
      addresses: this.addresses(partition),
    };
  }
}

/** What a delayed message is called among those of its address. A sender's name has no "/". */
export function delayedMember(sender: string, messageId: string): string {
  return `${sender}/${messageId}`;
}
