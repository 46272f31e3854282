import type { Clock } from "../clock.ts";
import type { QueueLimits } from "../queue-limits.ts";
import type { Store } from "../store.ts";
import type { PromisePart } from "./promises/index.ts";

/** What a store, or its harness, may have or lack. A promise names what it needs; without it, it is skipped by name. */
export interface StoreFeatures {
  /** The store is `Inspectable` and `Administrable`. */
  readonly inspection: boolean;
  /** The store is `Schedulable`. */
  readonly scheduling: boolean;
  /** The harness can make it come back empty. */
  readonly wipe: boolean;
  /** The harness can make an instance look dead while its calls still work. */
  readonly suspension: boolean;
  /** It refuses batches beyond a number of bytes that the harness can set. */
  readonly capacity: boolean;
  /** The harness can set it up so that it gives every durability, with one replica. */
  readonly durability: boolean;
  /** It refuses batches for a receiver's queue beyond limits that the harness can set. */
  readonly queueLimits: boolean;
  /** It keeps topics within an age and a number of bytes, and dead letters within a number, that the harness can set. */
  readonly retention: boolean;
  /** The store is `Replayable`. */
  readonly replay: boolean;
}

/** How long the store of each case remembers deduplication ids: soon over in real time, yet not before a busy store answers. */
export const STAGE_DEDUPLICATION_WINDOW_MS = 2_500;

/** How one case wants its store. */
export interface HarnessOptions {
  /** With the feature `capacity`: how much the store may hold, bytes, bookkeeping included. */
  readonly maxBytes?: number;
  /** How long the store remembers deduplication ids, milliseconds. */
  readonly deduplicationWindowMs: number;
  /** With the feature `durability`: the store gives them all. */
  readonly durable?: boolean;
  /** With the feature `queueLimits`: how much each receiver's queue may hold. */
  readonly queueLimits?: QueueLimits;
  /** With the feature `retention`: what is kept of each topic, and of each subscription's dead letters. */
  readonly retention?: HarnessRetention;
}

/** What a store keeps in the cases of `retention`. */
export interface HarnessRetention {
  readonly topicMs: number;
  /** Of records; what the store adds for its bookkeeping may count or not. */
  readonly topicBytes: number;
  readonly deadLetters: number;
}

/** A store of one case's own: empty at first, out of reach of every other case, gone when disposed of. */
export interface Harness extends AsyncDisposable {
  /** The time the store lives by. */
  readonly clock: Clock;
  /** A new instance. */
  connect(): Promise<Store>;
  /** Makes an instance die without a word. Resolves when others may have what it owned. */
  kill(store: Store): Promise<void>;
  /** With the feature `suspension`: as `kill`, but the instance's calls still work. */
  suspend?(store: Store): Promise<void>;
  /** With the feature `wipe`: the store comes back empty, its instances connected. */
  wipe?(): Promise<void>;
  /** Lets `ms` milliseconds pass: turns a manual clock, or waits. Whatever falls due meanwhile has run when it resolves. */
  advance(ms: number): Promise<void>;
}

/** What the suite needs to know of a store. */
export interface StoreUnderTest {
  readonly features: StoreFeatures;
  /**
   * The part of the promises to prove; all parts are `messages`, `subscriptions` and `schedules`. A store that lives in real
   * time mostly waits: a test file for each part, and they run side by side.
   *
   * @default all of them
   */
  readonly part?: PromisePart | undefined;
  /** How many random schedules each of the cases that play them plays. @default 10 */
  readonly schedules?: number;
  open(options: HarnessOptions): Promise<Harness>;
}
