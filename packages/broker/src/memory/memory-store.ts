import { type Batch, ChappeError, type ErrorCode } from "@chappe/message";
import type { Durability, StartFrom } from "../broker.ts";
import type {
  AddressList,
  AddressState,
  AppendResult,
  DeadLetter,
  Entry,
  Opening,
  Settlement,
  Standing,
  SubscriptionName,
  Sweep,
  Waiting,
} from "../store.ts";
import type { FullStore } from "../full-store.ts";
import { nothingToMoveError } from "../store-errors.ts";
import type { MemoryAddress } from "./memory-address.ts";
import { MemoryAdministration } from "./memory-administration.ts";
import type { MemoryAddresses } from "./memory-addresses.ts";
import type { MemoryInstance } from "./memory-instance.ts";
import type { MemoryWakes } from "./memory-wakes.ts";
import { costOf } from "./stored-part.ts";

/** What the instances of one backend have in common. */
export interface MemoryShared {
  readonly now: () => number;
  readonly addresses: MemoryAddresses;
  readonly wakes: MemoryWakes;
}

/** One instance of the memory store. Every call takes effect before it returns; only the answer comes later. */
export class MemoryStore implements FullStore {
  readonly administration: MemoryAdministration;
  readonly #instance: MemoryInstance;
  readonly #shared: MemoryShared;

  constructor(instance: MemoryInstance, shared: MemoryShared) {
    this.#instance = instance;
    this.#shared = shared;
    this.administration = new MemoryAdministration(shared, () => this.#begin());
  }

  async append(batches: readonly Batch[], durability: Durability): Promise<readonly AppendResult[]> {
    const nowMs = this.#begin();
    return batches.map((batch) => {
      try {
        return this.#appendOne(batch, durability, nowMs);
      } catch (error) {
        // One caller's malformed address is no other batch's business.
        return { ok: false, error: ChappeError.from(error) };
      }
    });
  }

  async open({ address, subscription }: SubscriptionName, startFrom: StartFrom): Promise<Opening> {
    const nowMs = this.#begin();
    const place = this.#shared.addresses.get(address);
    // What fell due while nobody looked belongs to the subscriptions that are there already.
    this.#promote(address, place, nowMs);
    const created = place.existing(subscription) === undefined;
    place.subscription(subscription, startFrom);
    return { epoch: place.epoch, created };
  }

  async claim({ address, subscription }: SubscriptionName, limit: number): Promise<readonly Entry[]> {
    const nowMs = this.#begin();
    const place = this.#shared.addresses.get(address);
    place.dropOld(nowMs);
    this.#promote(address, place, nowMs);
    return place.readAgain(subscription).claim(this.#instance, limit, nowMs);
  }

  async settle(name: SubscriptionName, settlements: readonly Settlement[]): Promise<readonly string[]> {
    const nowMs = this.#begin();
    const subscription = this.#shared.addresses.subscription(name);
    if (subscription === undefined) return settlements.map(({ ref }) => ref);
    const lost = subscription.settle(this.#instance, settlements, nowMs);
    if (settlements.some(({ action, retries }) => action === "return" || retries.length > 0)) {
      this.#shared.wakes.wake(name.address, this.#instance);
    }
    return lost;
  }

  async sweep(name: SubscriptionName, limit: number): Promise<Sweep> {
    const nowMs = this.#begin();
    const address = this.#shared.addresses.get(name.address);
    address.dropOld(nowMs);
    this.#promote(name.address, address, nowMs);
    const subscription = address.readAgain(name.subscription);
    const entries = subscription.takeOver(this.#instance, limit, nowMs);
    const coming = [subscription.nextRetryMs(nowMs), address.nextDelayedMs(nowMs)].filter((ms) => ms !== undefined);
    const nextRetryMs = coming.length === 0 ? undefined : Math.min(...coming);
    const isReserved = subscription.reservation.isOfOther(this.#instance, nowMs);
    return { entries, epoch: address.epoch, nextRetryMs, isReserved, moves: subscription.moves };
  }

  async cancel(address: string, sender: string, id: string): Promise<boolean> {
    this.#begin();
    return this.#shared.addresses.existing(address)?.cancel(sender, id) ?? false;
  }

  async turns(name: SubscriptionName, waiting: readonly Waiting[]): Promise<readonly Standing[]> {
    this.#begin();
    const subscription = this.#shared.addresses.subscription(name);
    if (subscription === undefined) return waiting.map(() => "moved");
    const { standings, told } = subscription.turns(this.#instance, waiting);
    if (told.size > 0) this.#shared.wakes.wake(name.address, this.#instance);
    return standings;
  }

  async reserve({ address, subscription }: SubscriptionName): Promise<boolean> {
    const nowMs = this.#begin();
    return this.#shared.addresses
      .get(address)
      .subscription(subscription, "earliest")
      .reservation.take(this.#instance, nowMs);
  }

  async leave(name: SubscriptionName): Promise<void> {
    this.#begin();
    const subscription = this.#shared.addresses.subscription(name);
    if (subscription?.abandon(this.#instance) === true) this.#shared.wakes.wake(name.address, this.#instance);
  }

  async seek(name: SubscriptionName, position: StartFrom): Promise<void> {
    const nowMs = this.#begin();
    const address = this.#shared.addresses.existing(name.address);
    address?.dropOld(nowMs);
    if (address?.existing(name.subscription) === undefined) {
      throw nothingToMoveError(name);
    }
    address.seek(name.subscription, position);
    this.#shared.wakes.wake(name.address, this.#instance);
  }

  watch(address: string, onWake: () => void, subscription?: string): () => void {
    return this.#shared.wakes.watch(address, this.#instance, onWake, subscription);
  }

  async ping(): Promise<void> {
    this.#begin();
  }

  async close(): Promise<void> {
    if (!this.#instance.answers) return;
    this.#instance.close();
    for (const [name, address] of this.#shared.addresses) {
      if (address.abandon(this.#instance)) this.#shared.wakes.wake(name, this.#instance);
    }
  }

  async addresses(limit: number): Promise<AddressList> {
    this.#begin();
    const { addresses } = this.#shared;
    return { total: addresses.size, addresses: [...addresses].slice(0, limit).map(([name]) => name) };
  }

  async inspect(address: string): Promise<AddressState | undefined> {
    const nowMs = this.#begin();
    const place = this.#shared.addresses.existing(address);
    place?.dropOld(nowMs);
    return place?.stateAt(nowMs);
  }

  async deadLetters(name: SubscriptionName, limit: number): Promise<readonly DeadLetter[]> {
    const nowMs = this.#begin();
    const subscription = this.#shared.addresses.subscription(name);
    return subscription?.deadLetters.list(limit, nowMs) ?? [];
  }

  #appendOne(batch: Batch, durability: Durability, nowMs: number): AppendResult {
    if (durability !== "accepted") {
      return refusal("FAILED_PRECONDITION", `durability "${durability}": a store in memory can only give "accepted"`);
    }
    const { addresses, wakes } = this.#shared;
    const address = addresses.get(batch.header.address);
    const answer = address.answerUnstored(batch, nowMs) ?? address.answerFull();
    if (answer !== undefined) return answer;
    const cost = costOf(batch);
    if (!addresses.makeRoom(cost)) {
      const { usedBytes, maxBytes } = addresses.budget;
      const problem = `the memory store is full: ${usedBytes} of ${maxBytes} bytes are in use, the batch needs ${cost}`;
      return refusal("RESOURCE_EXHAUSTED", problem);
    }
    wakes.wake(batch.header.address, this.#instance);
    return address.store(batch, nowMs);
  }

  #promote(name: string, address: MemoryAddress, nowMs: number): void {
    if (address.promote(nowMs)) this.#shared.wakes.wake(name, this.#instance);
  }

  /** The time of a call. @throws ChappeError UNAVAILABLE when this instance is closed or was killed */
  #begin(): number {
    if (this.#instance.answers) return this.#shared.now();
    throw new ChappeError("UNAVAILABLE", `instance "${this.#instance.name}" of the memory store is closed`);
  }
}

function refusal(code: ErrorCode, problem: string): AppendResult {
  return { ok: false, error: new ChappeError(code, problem) };
}
