import { ChappeError } from "@chappe/message";
import { type Clock, systemClock } from "../clock.ts";
import { checkDeduplicationWindow, DEFAULT_DEDUPLICATION_WINDOW_MS } from "../deduplication-window.ts";
import { DEFAULT_QUEUE_LIMITS } from "../queue-limits.ts";
import type { FullStore } from "../full-store.ts";
import type { Store } from "../store.ts";
import { MemoryAddresses } from "./memory-addresses.ts";
import { MemoryInstance } from "./memory-instance.ts";
import { MemoryStore } from "./memory-store.ts";
import { MemoryWakes } from "./memory-wakes.ts";

const MIB = 1_048_576;
const DAY_MS = 86_400_000;

/** How to {@link createMemoryBackend}. */
export interface MemoryBackendOptions {
  /** @default the machine's clock */
  readonly clock?: Pick<Clock, "now">;
  /**
   * How much may be kept, bytes: messages waiting or held, the history of topics, dead letters, each with 256 bytes for
   * the bookkeeping. Beyond it, history that every subscription has read is given up; when that does not make room,
   * publishing is refused with RESOURCE_EXHAUSTED until messages are settled.
   *
   * @default 256 MiB
   */
  readonly maxBytes?: number;
  /**
   * How long messages of a topic are kept, milliseconds. A subscription that nobody reads loses what is older. A receiver's
   * messages wait for ever.
   *
   * @default 7 days
   */
  readonly retentionMs?: number;
  /**
   * How much of each topic is kept, whether it was read or not, and of each subscription's dead letters, bytes. What a
   * subscription loses that way, or by `retentionMs`, is counted as `trimmed`. Infinity: no limit.
   *
   * @default a quarter of maxBytes
   */
  readonly retentionBytes?: number;
  /** How many dead letters each subscription keeps; then the oldest go. @default 10,000 */
  readonly maxDeadLetters?: number;
  /** How long dead letters stay, milliseconds. @default 31 days */
  readonly deadLetterRetentionMs?: number;
  /**
   * How many messages without an outcome a receiver's queue may hold: waiting, held, or due for another try. From there on
   * publishing to it is RESOURCE_EXHAUSTED, until it is read. The batch that reaches the limit may go beyond it. 0: no
   * limit. A topic has none either: it drops its oldest messages instead.
   *
   * @default 1,000,000
   */
  readonly maxQueueMessages?: number;
  /**
   * How much of `maxBytes` a receiver's queue may take, bytes; otherwise as `maxQueueMessages`.
   *
   * @default 1 GiB
   */
  readonly maxQueueBytes?: number;
  /**
   * How long an instance must have been silent until others may have what it owns, milliseconds. Matters only after
   * {@link MemoryBackend.kill} or {@link MemoryBackend.suspend}: what lives in one process falls silent in no other way.
   *
   * @default 10,000
   */
  readonly livenessMs?: number;
  /**
   * How long a deduplication id is remembered, milliseconds, 1 s to 24 h. Each one costs about 300 bytes, beside `maxBytes`,
   * until its address is used or read when the window is over.
   *
   * @default 120,000
   */
  readonly deduplicationWindowMs?: number;
}

/** Messages kept in this process, for any number of store instances. */
export interface MemoryBackend {
  /** A new instance. `name` shows in its errors; default "memory". */
  connect(name?: string): FullStore;
  /**
   * Makes an instance die without a word, as a crashed process does. Its calls reject with UNAVAILABLE; others may have
   * what it owns when it has been silent for `livenessMs`.
   *
   * @throws ChappeError INVALID_ARGUMENT for a store of another backend, as `suspend` and `resume` do
   */
  kill(store: Store): void;
  /** Makes an instance look dead while its calls still work, as a process does that hangs. */
  suspend(store: Store): void;
  /** Ends a suspension. What others have taken meanwhile stays theirs. */
  resume(store: Store): void;
  /** Loses everything, as a server does that comes back empty: each address begins a new epoch. */
  wipe(): void;
}

/**
 * Makes the in-memory store: for programs that need no more than to hand messages from one part of themselves to another,
 * and for tests. It keeps every promise of {@link Store} within these limits: nothing survives the process, so
 * "accepted" is the only durability there is; what it keeps is bounded by `maxBytes`; and an address, once used, costs
 * about a kilobyte until the process ends.
 *
 * @throws ChappeError INVALID_ARGUMENT for an option that is not a number of at least 0, or for a deduplication window
 * outside its range
 */
export function createMemoryBackend(options: MemoryBackendOptions = {}): MemoryBackend {
  const { clock = systemClock, maxBytes = 256 * MIB, retentionMs = 7 * DAY_MS, livenessMs = 10_000 } = options;
  const { retentionBytes = maxBytes / 4, deduplicationWindowMs = DEFAULT_DEDUPLICATION_WINDOW_MS } = options;
  const { maxDeadLetters = 10_000, deadLetterRetentionMs = 31 * DAY_MS } = options;
  const { maxQueueMessages = DEFAULT_QUEUE_LIMITS.maxMessages } = options;
  const { maxQueueBytes = DEFAULT_QUEUE_LIMITS.maxBytes } = options;
  checkNumbers({ maxDeadLetters, deadLetterRetentionMs });
  checkNumbers({ maxBytes, retentionMs, retentionBytes, livenessMs, maxQueueMessages, maxQueueBytes });

  const addresses = new MemoryAddresses(
    maxBytes,
    { retentionMs, retentionBytes, maxDeadLetters, deadLetterRetentionMs },
    { maxMessages: maxQueueMessages, maxBytes: maxQueueBytes },
    checkDeduplicationWindow(deduplicationWindowMs),
  );
  const wakes = new MemoryWakes();
  const instances = new WeakMap<Store, MemoryInstance>();

  function instanceOf(store: Store): MemoryInstance {
    const instance = instances.get(store);
    if (instance === undefined)
      throw new ChappeError("INVALID_ARGUMENT", "the store was not connected by this backend");
    return instance;
  }

  return {
    connect(name = "memory") {
      const instance = new MemoryInstance(name, livenessMs);
      const store = new MemoryStore(instance, { now: () => clock.now(), addresses, wakes });
      instances.set(store, instance);
      return store;
    },
    kill: (store) => instanceOf(store).kill(clock.now()),
    suspend: (store) => instanceOf(store).suspend(clock.now()),
    resume: (store) => instanceOf(store).resume(),
    wipe: () => addresses.wipe(),
  };
}

function checkNumbers(options: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (value >= 0) continue;
    throw new ChappeError("INVALID_ARGUMENT", `${name} is ${value}, but must be a number of at least 0`);
  }
}
