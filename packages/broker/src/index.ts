// For programs that publish and subscribe in their own process.
export type {
  Broker,
  Credit,
  Delivery,
  Durability,
  Outcome,
  OutcomeKind,
  Receipt,
  RefusedOutcome,
  StartFrom,
  SubscribeOptions,
  Subscription,
  SubscriptionEvent,
} from "./broker.ts";
export { type BrokerOptions, createBroker } from "./create-broker.ts";
export type { ExpiredPolicy } from "./held-entry.ts";
export { type Interruptible, isInterruptible } from "./interruptible.ts";
export { isSchedulable, type Schedulable } from "./schedulable.ts";
export { publishMessage, type PublishedMessage, type PublishMessageOptions } from "./publish-message.ts";

export { createMemoryBackend, type MemoryBackend, type MemoryBackendOptions } from "./memory/memory-backend.ts";

// For those who write a store.
export {
  checkDeadLetterIds,
  deletionError,
  type DeletionProblem,
  foreignPageError,
  onlyQueueError,
} from "./administration-errors.ts";
export { checkDeduplicationWindow, DEFAULT_DEDUPLICATION_WINDOW_MS } from "./deduplication-window.ts";
export { type Clock, systemClock } from "./clock.ts";
export {
  type AddressDetails,
  type Administrable,
  type Administration,
  type DeadLetterSelection,
  type EntryHolder,
  isAdministrable,
  type KeptDeadLetter,
  MAX_PEEKED_BYTES,
  type Page,
  type PageRequest,
  type PeekedEntry,
  type Step,
  type SubscriptionDetails,
} from "./administrable.ts";
export {
  DEFAULT_QUEUE_LIMITS,
  isQueueFull,
  type QueueFill,
  queueFullError,
  type QueueLimits,
} from "./queue-limits.ts";
export type { FullStore } from "./full-store.ts";
export { alreadyDelayedError, nothingToMoveError } from "./store-errors.ts";
export {
  type AddressList,
  type AddressState,
  type AppendResult,
  type DeadLetter,
  type Entry,
  type Inspectable,
  isInspectable,
  isReplayable,
  type Opening,
  type Range,
  type Replayable,
  type Retry,
  type Setback,
  type Settlement,
  type Standing,
  type Store,
  type SubscriptionName,
  type SubscriptionState,
  type Sweep,
  type Turn,
  type Waiting,
} from "./store.ts";
