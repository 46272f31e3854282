import type { AddressState, DeadLetter, Range, Store, SubscriptionName, SubscriptionState } from "./store.ts";

/** Part of a long list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Asks for the rest, as `after`; undefined when there is none. */
  readonly next: string | undefined;
}

/** Which part of a long list. */
export interface PageRequest {
  /** {@link Page.next} of the part before; undefined: from the beginning. */
  readonly after: string | undefined;
  /** Most items, at least 1. */
  readonly limit: number;
}

/** A store instance that owns entries: a router, where routers are all there is. */
export interface EntryHolder {
  readonly instance: string;
  readonly heldEntries: number;
}

/** {@link SubscriptionState}, and what takes a closer look. */
export interface SubscriptionDetails extends SubscriptionState {
  /** Entries that some instance owns: for its consumers, or already with them. */
  readonly heldEntries: number;
  /** Messages that wait for their next attempt: each is an entry of its own. */
  readonly waitingRetries: number;
  /** Dead letters that are there now. */
  readonly deadLetters: number;
  /** Instances that have consumers for it at this moment. */
  readonly watchers: number;
  /** Those that own entries. */
  readonly holders: readonly EntryHolder[];
}

/** {@link AddressState}, and what takes a closer look. */
export interface AddressDetails extends AddressState {
  readonly subscriptions: readonly SubscriptionDetails[];
}

/** An entry that waits, as {@link Administration.peek} shows it. Nothing is taken. */
export interface PeekedEntry {
  readonly headerBytes: Uint8Array;
  readonly records: Uint8Array;
  readonly count: number;
  readonly first: number;
  readonly attempt: number;
  /** Messages that have their outcome already, ascending. */
  readonly settled: readonly Range[];
  /** `waiting`: anybody may have it. `held`: an instance owns it. `retry`: it waits for its next attempt. */
  readonly state: "waiting" | "held" | "retry";
  /** The instance that owns it; undefined unless held. */
  readonly holder: string | undefined;
  /** When it was stored, or falls due for its retry, milliseconds since 1970 by the store's clock. */
  readonly sinceMs: number;
}

/** So many bytes of records are enough for one {@link Administration.peek}. */
export const MAX_PEEKED_BYTES = 4 * 1_048_576;

/** A dead letter on its shelf. */
export interface KeptDeadLetter extends DeadLetter {
  /** The store's own name for it, unique within the subscription; younger ones come after older ones. */
  readonly id: string;
  /** When it was written, milliseconds since 1970 by the store's clock. */
  readonly diedAtMs: number;
}

/** Which dead letters; all, unless something is said. */
export interface DeadLetterSelection {
  /** These, as {@link KeptDeadLetter.id} names them. Those that are not there are passed over. At most 1,000. */
  readonly ids?: readonly string[] | undefined;
  /** Those whose reason contains this text. */
  readonly reason?: string | undefined;
}

/** What one step of a long work has done. */
export interface Step {
  readonly messages: number;
  /** Does the next step; undefined when all is done. */
  readonly next: string | undefined;
}

/**
 * Shows what a store holds, and repairs it.
 *
 * Long works go in steps, each an atomic whole of a few milliseconds, so that nobody waits behind them. A work concerns
 * what is there when its first step begins. One that is broken off has done what its steps did; begun anew, it does the
 * rest. Methods reject with ChappeError only: NOT_FOUND for an address or a subscription that is not there, by the methods
 * that say so; INVALID_ARGUMENT for an `after` that no answer gave; UNAVAILABLE while the store cannot be reached.
 */
export interface Administration {
  /** Addresses whose name begins with `prefix`, each once, in an order of the store's own. */
  listAddresses(prefix: string, page: PageRequest): Promise<Page<string>>;
  /** Undefined for an address nobody has used. */
  describe(address: string): Promise<AddressDetails | undefined>;
  /**
   * What waits at a subscription, oldest first, without the delayed messages of its address: entries with up to `limit`
   * messages among them, and fewer when their bodies are large ({@link MAX_PEEKED_BYTES} together), but at least one. Takes
   * nothing.
   */
  peek(name: SubscriptionName, limit: number): Promise<readonly PeekedEntry[]>;
  /** Dead letters, oldest first. A page may have fewer than `limit`, even none, and yet a next one. */
  listDeadLetters(
    name: SubscriptionName,
    page: PageRequest & { readonly reason?: string | undefined },
  ): Promise<Page<KeptDeadLetter>>;
  /** Undefined when it is not there. */
  findDeadLetter(name: SubscriptionName, id: string): Promise<KeptDeadLetter | undefined>;
  /**
   * One step of putting dead letters back into their own subscription's queue, as attempt 1, oldest first. Each leaves the
   * shelf in the step that puts it back: none is lost, none is doubled. No other subscription of the topic sees it. What is
   * redriven does not expire any more.
   */
  redrive(name: SubscriptionName, selection: DeadLetterSelection, after: string | undefined): Promise<Step>;
  /** One step of deleting dead letters. */
  purgeDeadLetters(name: SubscriptionName, selection: DeadLetterSelection, after: string | undefined): Promise<Step>;
  /**
   * One step of deleting what waits and nobody holds, retries included. What consumers hold they go on with. A topic's
   * other subscriptions keep their messages, and an address its delayed ones.
   */
  purge(name: SubscriptionName, after: string | undefined): Promise<Step>;
  /**
   * One step of deleting the delayed messages of an address, soonest first, and freeing their deduplication ids. All that
   * wait when the first step begins go; of those that are sent meanwhile, some may.
   */
  purgeDelayed(address: string, after: string | undefined): Promise<Step>;
  /**
   * Deletes a topic's subscription, with its messages and dead letters. FAILED_PRECONDITION for a receiver's only one;
   * and, unless `force`, for one that has messages or dead letters, or consumers.
   *
   * Consumers that read it all the same lose what they hold, and make it anew: it begins with what is published then.
   *
   * @throws ChappeError NOT_FOUND
   */
  deleteSubscription(name: SubscriptionName, options: { readonly force: boolean }): Promise<void>;
  /**
   * Deletes an address, with all that it has. FAILED_PRECONDITION, unless `force`, for one that has messages or dead
   * letters, or consumers.
   *
   * The next publish or consumer makes it anew, with a new epoch: to senders and consumers it is as if its history had
   * been lost. So a sender that lives sends again what it sent in the last seconds: stop it first.
   *
   * @throws ChappeError NOT_FOUND
   */
  deleteAddress(address: string, options: { readonly force: boolean }): Promise<void>;
}

/** A power that a store may have besides {@link Store}: an operator can look into it and repair it. */
export interface Administrable {
  readonly administration: Administration;
}

/** Whether a store can be administered. */
export function isAdministrable(store: Store): store is Store & Administrable {
  return "administration" in store;
}
