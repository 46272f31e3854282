import type { QueueLimits } from "../queue-limits.ts";
import type { SubscriptionName } from "../store.ts";
import { MemoryAddress, type AddressSurroundings } from "./memory-address.ts";
import type { Retention } from "./history.ts";
import type { MemorySubscription } from "./memory-subscription.ts";
import { MemoryBudget } from "./stored-part.ts";

/** All addresses of one backend, and the budget they share. */
export class MemoryAddresses {
  readonly budget: MemoryBudget;
  readonly #surroundings: AddressSurroundings;
  readonly #addresses = new Map<string, MemoryAddress>();
  /** Those that keep a history which can be given up for room. */
  readonly #topics = new Set<MemoryAddress>();

  constructor(maxBytes: number, retention: Retention, queueLimits: QueueLimits, windowMs: number) {
    this.budget = new MemoryBudget(maxBytes);
    let lastRef = 0;
    const nextRef = () => String(++lastRef);
    this.#surroundings = { budget: this.budget, retention, queueLimits, windowMs, nextRef };
  }

  /** The address of this name, made if it is not there. @throws ChappeError INVALID_ARGUMENT outside the grammar */
  get(name: string): MemoryAddress {
    let address = this.#addresses.get(name);
    if (address === undefined) {
      address = new MemoryAddress(name, this.#surroundings);
      this.#addresses.set(name, address);
      if (address.isTopic) this.#topics.add(address);
    }
    return address;
  }

  /** The address of this name, if it is there. */
  existing(name: string): MemoryAddress | undefined {
    return this.#addresses.get(name);
  }

  /** The subscription of this name, if it is there. */
  subscription({ address, subscription }: SubscriptionName): MemorySubscription | undefined {
    return this.existing(address)?.existing(subscription);
  }

  /** Loses an address. */
  delete(name: string): void {
    const address = this.#addresses.get(name);
    if (address === undefined) return;
    address.releaseAll();
    this.#addresses.delete(name);
    this.#topics.delete(address);
  }

  get size(): number {
    return this.#addresses.size;
  }

  [Symbol.iterator](): IterableIterator<[string, MemoryAddress]> {
    return this.#addresses.entries();
  }

  /** Whether `bytes` more can be kept, if need be by giving up history that every subscription has read. */
  makeRoom(bytes: number): boolean {
    if (this.budget.hasRoomFor(bytes)) return true;
    for (const topic of this.#topics) {
      topic.dropRead();
      if (this.budget.hasRoomFor(bytes)) return true;
    }
    return false;
  }

  /** Loses everything. Refs go on counting, for a late settlement must never hit a stranger. */
  wipe(): void {
    this.#addresses.clear();
    this.#topics.clear();
    this.budget.clear();
  }
}
