import type { Batch, ChappeError, Durability, StartFrom } from "@chappe/message";

/** What became of one batch given to {@link Store.append}. */
export type AppendResult =
  | {
      readonly ok: true;
      readonly duplicate: boolean;
      readonly epoch: string;
      readonly durability: Durability;
      /** Id of the message that was stored before under the batch's deduplication id, if there was one. */
      readonly originalId?: string | undefined;
    }
  | { readonly ok: false; readonly error: ChappeError };

/** A reader's place in an address: the two names that every reading method takes. */
export interface SubscriptionName {
  readonly address: string;
  /** Empty for a receiver's only one. */
  readonly subscription: string;
}

/** Half-open range of message indexes within an {@link Entry}. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** What an entry with an ordering key remembers of failures. What failed comes again, on its own, before what comes after it. */
export interface Setback {
  /**
   * Messages that have failed and are not settled, by their index within the entry: how often, and how many consumers have
   * crashed with it in their hands, also those to which that did not count.
   */
  readonly failures: readonly { readonly index: number; readonly times: number; readonly crashes: number }[];
  /** Failures of all messages of the entry so far: each makes it grow, and so tells a newer setback from an older. */
  readonly total: number;
  /** For how long nothing of the entry is handed out, milliseconds from now. */
  readonly pauseMs: number;
}

/** Where an entry stands whose messages have an ordering key. Without a key it has none, and waits for nobody. */
export interface Turn {
  /**
   * Ref of the entry stored before it with the same key, if that may not be settled yet: this one must wait. Empty if there
   * is none.
   */
  readonly after: string;
  /** What an earlier owner had noted, if any. */
  readonly setback: Setback | undefined;
}

/** An entry that waits for the one before it. */
export interface Waiting {
  readonly ref: string;
  /** {@link Turn.after}. */
  readonly after: string;
}

/**
 * How an entry stands that waits for the one before it.
 *
 * - `next`: that is settled
 * - `waits`: it is not, and belongs to this instance or to nobody
 * - `moved`: this entry is another instance's now: of the one that owns the entry before it
 */
export type Standing = "next" | "waits" | "moved";

/** A stored batch, or what is left of one, that this store instance owns until it settles it. */
export interface Entry {
  /** The store's own name for it, unique within the subscription. After a move of that the same batch has another one. */
  readonly ref: string;
  readonly headerBytes: Uint8Array;
  readonly records: Uint8Array;
  /** Number of records. */
  readonly count: number;
  /** Index of the first record within the batch as it was published. */
  readonly first: number;
  /** 1 + failures counted. */
  readonly attempt: number;
  /** How many consumers have crashed with it in their hands, also those that had not begun on it, which is no attempt. */
  readonly crashes: number;
  /** An operator put it back: its messages do not expire any more. */
  readonly redriven: boolean;
  /** An earlier owner may have handed it out. */
  readonly redelivered: boolean;
  /** What an earlier owner had settled, ascending: not to be delivered again. */
  readonly settled: readonly Range[];
  /** Undefined for messages without an ordering key. */
  readonly turn: Turn | undefined;
}

/** What {@link Store.open} found. */
export interface Opening {
  /** Identity of the address's history. */
  readonly epoch: string;
  /** Whether the subscription of a topic was made by this call; otherwise it goes on where it stands. */
  readonly created: boolean;
}

/** Messages that leave their entry to be tried again, on their own. */
export interface Retry {
  readonly headerBytes: Uint8Array;
  readonly records: Uint8Array;
  readonly count: number;
  readonly first: number;
  readonly attempt: number;
  readonly crashes: number;
  /** As its entry's. */
  readonly redriven: boolean;
  readonly delayMs: number;
}

/** A message that will not be tried again. */
export interface DeadLetter {
  readonly headerBytes: Uint8Array;
  readonly records: Uint8Array;
  readonly count: number;
  readonly first: number;
  /** How often it was handed out. */
  readonly attempts: number;
  readonly reason: string;
}

/** A step in an entry's life, carried out as one atomic whole. */
export interface Settlement {
  readonly ref: string;
  /**
   * `remove`: every message has its outcome. `keep`: note what is settled so far. `return`: the same, and let any
   * instance have the rest.
   */
  readonly action: "remove" | "keep" | "return";
  /** For `keep` and `return`: all that is settled, from the beginning, ascending. Empty for `remove`. */
  readonly settled: readonly Range[];
  /** For `keep` and `return`, of an entry with an ordering key of which a message has failed. */
  readonly setback: Setback | undefined;
  readonly retries: readonly Retry[];
  readonly deadLetters: readonly DeadLetter[];
  /** Messages acked since the last settlement of this entry, and their bytes; for the counters. */
  readonly ackedMessages: number;
  readonly ackedBytes: number;
  /** Messages past their time that nobody keeps, since the last settlement of this entry; for the counters. */
  readonly expiredMessages: number;
}

/** What {@link Store.sweep} found. */
export interface Sweep {
  /** Now owned by this instance, oldest first. */
  readonly entries: readonly Entry[];
  readonly epoch: string;
  /** When the next retry, or delayed message of the address, falls due, milliseconds from now; undefined when none waits. */
  readonly nextRetryMs: number | undefined;
  /** Another living instance has reserved the subscription: {@link Store.reserve}. */
  readonly isReserved: boolean;
  /**
   * How often the subscription was moved. Another number than before says that nothing that a claim or an earlier sweep gave
   * can be settled any more, though some of it may have been claimed after the move. That comes again: with this sweep or
   * the next.
   */
  readonly moves: number;
}

/**
 * Keeps batches. It does only what must be atomic or durable; who gets which message when is the engine's business.
 *
 * One value is one instance: what it claims is its own until it settles it, closes, or is taken for dead. Methods reject
 * with ChappeError only; UNAVAILABLE while the store cannot be reached.
 */
export interface Store {
  /**
   * Appends batches, in this order, and answers each. A batch whose producer and sequence were stored before is not
   * stored again (`duplicate`); one that leaves a gap is refused with FAILED_PRECONDITION and `expectedSequence`. Of a
   * sender's batches with the same deduplication id one is stored within the window; the others are duplicates, answered
   * with its message's id, and take their place in their producer's sequence. A store that
   * is `Schedulable` keeps a batch whose `deliverAtMs` is ahead until then, by its own clock, and lets it join the address in
   * a later claim or sweep; one whose sender has a message of the same id waiting there is refused with ALREADY_EXISTS. Calls
   * take effect in the order they were made. A claim made after an append sees it.
   */
  append(batches: readonly Batch[], durability: Durability): Promise<readonly AppendResult[]>;
  /**
   * Creates the subscription if it is not there; says the address's epoch, and whether it did.
   *
   * @throws ChappeError NOT_FOUND for one that would begin at a message which the topic does not keep
   */
  open(name: SubscriptionName, startFrom: StartFrom): Promise<Opening>;
  /**
   * Takes up to `limit` entries that nobody has owned yet, oldest first. Never waits for more. Retries that are due may
   * come along, or wait for the next sweep. Recreates a subscription that vanished, at the earliest message: an append
   * may wake a claim before any sweep has looked. May reject where history was lost, or the subscription moved, until a
   * sweep has told of that.
   */
  claim(name: SubscriptionName, limit: number): Promise<readonly Entry[]>;
  /**
   * Carries out settlements, each all or nothing: an entry is removed only in the same step that writes what must
   * replace it. A `keep` or `return` told again, because its answer was lost, does not write its retries and dead letters
   * again. Returns the refs of entries this instance does not own any more, of which nothing was changed; nor does it own
   * what it claimed before the subscription was moved, even where it has claimed the same batch anew.
   */
  settle(name: SubscriptionName, settlements: readonly Settlement[]): Promise<readonly string[]>;
  /**
   * The slow look-round: takes up to `limit` entries that were returned, or whose instance is gone, or that are retries
   * now due, or went over to this instance, and recreates what vanished. `limit` may be 0. After a claim whose answer was lost on its way it also
   * answers what this instance owns already, so that nothing stays with an owner who does not know of it; the caller
   * passes over what it has.
   */
  sweep(name: SubscriptionName, limit: number): Promise<Sweep>;
  /**
   * Says how entries of this instance stand that wait for the one before them, in the order given: that one first, where
   * both wait. An entry goes over to the instance that owns the one before it, which is told by its next sweep, or by a
   * claim after the wake-up: so a key is one instance's business while there is something of it to do.
   */
  turns(name: SubscriptionName, waiting: readonly Waiting[]): Promise<readonly Standing[]>;
  /**
   * Asks that this instance alone may read the subscription, and says whether it may: unless another one has asked before,
   * until that leaves the subscription or is gone. Nothing else keeps instances from claiming; they are to ask.
   */
  reserve(name: SubscriptionName): Promise<boolean>;
  /**
   * This instance reads the subscription no more: others may have all that it owns of it, told or not, and may reserve it.
   */
  leave(name: SubscriptionName): Promise<void>;
  /**
   * Calls `onWake` when another instance has appended to the address, or returned or scheduled something there. A hint:
   * calls may be lost or come for nothing. Returns the way to stop.
   *
   * @param subscription the one that is read here meanwhile: an operator can see that somebody does
   */
  watch(address: string, onWake: () => void, subscription?: string): () => void;
  /** A real round trip. */
  ping(): Promise<void>;
  /** Declares this instance gone, so that others can have what it owns, and lets go of every resource. */
  close(): Promise<void>;
}

/** A power that a store may have besides {@link Store}: it can read again what a topic keeps. */
export interface Replayable {
  /**
   * Moves an existing subscription of a topic: what is read next is what lies at the position, and what follows. Whatever
   * was claimed is nobody's any more, and waiting retries are dropped; dead letters stay. Messages that are read again look
   * as they did the first time: attempt 1, not redelivered.
   *
   * @throws ChappeError NOT_FOUND when there is no such subscription, or the topic keeps no such message
   */
  seek(name: SubscriptionName, position: StartFrom): Promise<void>;
}

/** Whether a store can read again. */
export function isReplayable(store: Store): store is Store & Replayable {
  return "seek" in store && store.seek !== undefined;
}

/** State of one subscription, for operators. */
export interface SubscriptionState {
  readonly subscription: string;
  /** Messages not yet settled, in whatever state. */
  readonly depth: number;
  readonly acked: number;
  readonly retried: number;
  readonly dead: number;
  /** Messages past their time that were dropped. Where expired messages are dead letters, they count as dead. */
  readonly expired: number;
  /** Messages of a topic that went past its retention before they had an outcome here. */
  readonly trimmed: number;
  /** Messages that an operator deleted before they had an outcome. */
  readonly purged: number;
  /** Dead letters that an operator put back. */
  readonly redriven: number;
  /** Dead letters that were too old, or too many, to be kept. */
  readonly deadDropped: number;
  /**
   * How long ago the oldest message that is held, or could be handed out, was stored or fell due for its retry,
   * milliseconds; undefined when there is none.
   */
  readonly oldestAgeMs: number | undefined;
}

/** State of one address, for operators. */
export interface AddressState {
  readonly address: string;
  readonly epoch: string;
  readonly published: number;
  readonly publishedBytes: number;
  /**
   * Messages that wait for their time, and those whose time has come since anybody last looked round. They count as published
   * when they join the others.
   */
  readonly delayed: number;
  readonly subscriptions: readonly SubscriptionState[];
}

/** Which addresses a store has, for operators. */
export interface AddressList {
  /** How many there are. */
  readonly total: number;
  /** Some of them, or all. Which ones may change as addresses come and go. */
  readonly addresses: readonly string[];
}

/** A power that a store may have besides {@link Store}: it shows what it holds. */
export interface Inspectable {
  /** Up to `limit` of the addresses that somebody has used. */
  addresses(limit: number): Promise<AddressList>;
  /** Undefined for an address nobody has used. */
  inspect(address: string): Promise<AddressState | undefined>;
  /** Oldest first. */
  deadLetters(name: SubscriptionName, limit: number): Promise<readonly DeadLetter[]>;
}

/** Whether a store can be inspected. */
export function isInspectable(store: Store): store is Store & Inspectable {
  return "addresses" in store && "inspect" in store && "deadLetters" in store;
}
