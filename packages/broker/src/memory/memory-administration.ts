import type {
  AddressDetails,
  Administration,
  DeadLetterSelection,
  KeptDeadLetter,
  Page,
  PageRequest,
  PeekedEntry,
  Step,
} from "../administrable.ts";
import { checkDeadLetterIds, deletionError, foreignPageError, onlyQueueError } from "../administration-errors.ts";
import type { SubscriptionName } from "../store.ts";
import type { MemoryShared } from "./memory-store.ts";

const NOTHING: Step = { messages: 0, next: undefined };

/** Looks into the memory store and repairs it. Every work is done in one step: it is this process's own time. */
export class MemoryAdministration implements Administration {
  readonly #shared: MemoryShared;
  readonly #begin: () => number;

  /** @param begin the time of a call; throws when this instance is closed */
  constructor(shared: MemoryShared, begin: () => number) {
    this.#shared = shared;
    this.#begin = begin;
  }

  async listAddresses(prefix: string, { after = "", limit }: PageRequest): Promise<Page<string>> {
    this.#begin();
    const names = [...this.#shared.addresses].map(([name]) => name);
    const rest = names.filter((name) => name > after && name.startsWith(prefix)).toSorted();
    const items = rest.slice(0, limit);
    return { items, next: rest.length > limit ? items.at(-1) : undefined };
  }

  async describe(address: string): Promise<AddressDetails | undefined> {
    const nowMs = this.#begin();
    const place = this.#shared.addresses.existing(address);
    place?.dropOld(nowMs);
    return place?.detailsAt(nowMs, (subscription) => this.#shared.wakes.watchersOf(address, subscription));
  }

  async peek(name: SubscriptionName, limit: number): Promise<readonly PeekedEntry[]> {
    this.#begin();
    return this.#shared.addresses.subscription(name)?.peek(limit) ?? [];
  }

  async listDeadLetters(
    name: SubscriptionName,
    { after = "0", limit, reason = "" }: PageRequest & { readonly reason?: string | undefined },
  ): Promise<Page<KeptDeadLetter>> {
    const nowMs = this.#begin();
    if (!/^\d+$/.test(after)) throw foreignPageError(after);
    const letters = this.#shared.addresses.subscription(name)?.deadLetters.list(limit + 1, nowMs, Number(after)) ?? [];
    const page = letters.slice(0, limit);
    return {
      items: page.filter((letter) => letter.reason.includes(reason)),
      next: letters.length > limit ? page.at(-1)?.id : undefined,
    };
  }

  async findDeadLetter(name: SubscriptionName, id: string): Promise<KeptDeadLetter | undefined> {
    const nowMs = this.#begin();
    return this.#shared.addresses.subscription(name)?.deadLetters.find(id, nowMs);
  }

  async redrive(name: SubscriptionName, selection: DeadLetterSelection, after: string | undefined): Promise<Step> {
    const nowMs = this.#begin();
    checkStep(selection, after);
    const messages = this.#shared.addresses.subscription(name)?.redrive(selection, nowMs) ?? 0;
    if (messages > 0) this.#shared.wakes.wake(name.address, undefined);
    return { messages, next: undefined };
  }

  async purgeDeadLetters(
    name: SubscriptionName,
    selection: DeadLetterSelection,
    after: string | undefined,
  ): Promise<Step> {
    const nowMs = this.#begin();
    checkStep(selection, after);
    const taken = this.#shared.addresses.subscription(name)?.deadLetters.take(selection, nowMs) ?? [];
    for (const part of taken) this.#shared.addresses.budget.release(part);
    return { messages: taken.reduce((sum, { count }) => sum + count, 0), next: undefined };
  }

  async purge(name: SubscriptionName, after: string | undefined): Promise<Step> {
    this.#begin();
    checkStep({}, after);
    const subscription = this.#shared.addresses.subscription(name);
    return subscription === undefined ? NOTHING : { messages: subscription.purge(), next: undefined };
  }

  async purgeDelayed(address: string, after: string | undefined): Promise<Step> {
    this.#begin();
    checkStep({}, after);
    const place = this.#shared.addresses.existing(address);
    return place === undefined ? NOTHING : { messages: place.purgeDelayed(), next: undefined };
  }

  async deleteSubscription(name: SubscriptionName, { force }: { readonly force: boolean }): Promise<void> {
    const nowMs = this.#begin();
    const what = `subscription "${name.subscription}" of ${name.address}`;
    const address = this.#shared.addresses.existing(name.address);
    if (address?.isTopic === false) throw onlyQueueError(name.address);
    const subscription = address?.existing(name.subscription);
    if (address === undefined || subscription === undefined) throw deletionError(what, "unknown");
    const isRead = this.#shared.wakes.watchersOf(name.address, name.subscription) > 0;
    checkUnused(what, force, { isRead, isFilled: subscription.isFilledAt(nowMs) });
    address.delete(name.subscription);
  }

  async deleteAddress(name: string, { force }: { readonly force: boolean }): Promise<void> {
    const nowMs = this.#begin();
    const { addresses, wakes } = this.#shared;
    const address = addresses.existing(name);
    if (address === undefined) throw deletionError(name, "unknown");
    address.dropOld(nowMs);
    checkUnused(name, force, { isRead: wakes.watchersOf(name) > 0, isFilled: address.isFilledAt(nowMs) });
    addresses.delete(name);
    wakes.wake(name, undefined);
  }
}

function checkUnused(
  what: string,
  force: boolean,
  { isRead, isFilled }: { readonly isRead: boolean; readonly isFilled: boolean },
): void {
  if (force) return;
  if (isRead) throw deletionError(what, "read");
  if (isFilled) throw deletionError(what, "filled");
}

function checkStep({ ids = [] }: DeadLetterSelection, after: string | undefined): void {
  if (after !== undefined) throw foreignPageError(after);
  checkDeadLetterIds(ids);
}
