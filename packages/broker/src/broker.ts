import type { Batch, ChappeError, Durability, OutcomeKind, StartFrom } from "@chappe/message";

import type { SubscriptionName } from "./store.ts";

export type { Durability, OutcomeKind, StartFrom };

/** What publish resolves with. The batch is safe, to the extent of its durability. */
export interface Receipt {
  readonly durability: Durability;
  /** The same producer and sequence, or the same deduplication id, had been stored before; nothing was stored again. */
  readonly duplicate: boolean;
  /** Identity of the address's history. A value other than last time's says that earlier messages were lost. */
  readonly epoch: string;
  /** Id of the message that was stored before under the same deduplication id; undefined where there was none. */
  readonly originalId?: string | undefined;
}

/** How much a consumer is ready to take. */
export interface Credit {
  readonly messages: number;
  /** Counted as the length of the serialized records. */
  readonly bytes: number;
}

/** How to {@link Broker.subscribe}. */
export interface SubscribeOptions {
  /** `receiver:<id>` or `topic:<name>`. */
  readonly address: string;
  /** Name of the subscription: one of a topic's, or empty for a receiver's only one. */
  readonly subscription: string;
  /** Name of this consumer, for operators. */
  readonly consumer: string;
  /**
   * Where a topic's subscription begins if this call creates it. A receiver's always begins at the earliest message.
   *
   * @default "latest"
   */
  readonly startFrom?: StartFrom;
  /**
   * Of all consumers of the subscription, over all brokers, one at a time is handed messages: the first that came. The next
   * takes over when it leaves or is gone. All of them must ask for it; one that does not ends with FAILED_PRECONDITION.
   *
   * @default false: consumers share the messages
   */
  readonly singleActive?: boolean;
  /**
   * How long the consumer may be silent until it is taken for dead and what it holds counts as crashed. Any call of the
   * subscription's methods is a sign of life.
   *
   * @default no limit, for a consumer that lives in this process
   */
  readonly leaseMs?: number;
  /**
   * The consumer says of each suspect ({@link Delivery.suspect}) when it begins on it, by {@link Subscription.begin}. If it
   * crashes before, that does not count as an attempt of the suspect: something else brought it down.
   *
   * @default false: a crash counts for all that is held
   */
  readonly beginsSuspects?: boolean;
}

/**
 * Consecutive messages of one batch, handed to one consumer. Each ends in exactly one outcome.
 *
 * With an ordering key no further delivery of the key is handed out, to anyone, until each message of this one is acked or
 * rejected. They are to be handled one after the other; the first that fails or is released ends the delivery.
 */
export interface Delivery {
  /** Counts up from 1 in each subscription. */
  readonly number: number;
  /** 1 + failures counted. */
  readonly attempt: number;
  /**
   * The messages may have been handed out before: by a broker that is gone, to a consumer that gave them back or, with an
   * ordering key, to one that crashed before it said how far it got.
   */
  readonly redelivered: boolean;
  /** Index of the first record within the batch as it was published; message ids count from the batch's first. */
  readonly first: number;
  /** Number of records here. */
  readonly count: number;
  /** The batch's header, as it was published. */
  readonly headerBytes: Uint8Array;
  /** A serialized `Records`. */
  readonly records: Uint8Array;
  /**
   * At least two consumers have crashed with this message in their hands. It is the only one in this consumer's. One that found
   * no empty hands within 10 s goes with others, and is not called a suspect then.
   */
  readonly suspect: boolean;
}

/** What became of messages of one delivery. */
export interface Outcome {
  readonly delivery: number;
  /** Index of the first message within the delivery. */
  readonly first: number;
  /** How many messages from there on, at least 1. */
  readonly count: number;
  readonly kind: OutcomeKind;
  /** For `fail`: when to retry. Without it the retry policy decides. */
  readonly delayMs?: number | undefined;
  /** For `fail` and `reject`: kept with the dead letter. */
  readonly reason?: string | undefined;
}

/** What a subscription yields. */
export type SubscriptionEvent =
  | { readonly kind: "delivery"; readonly delivery: Delivery }
  /**
   * Deliveries that are no longer this consumer's; their outcomes will be refused. Also those of which a message with an
   * ordering key failed or was released: what had no outcome then is taken back.
   */
  | { readonly kind: "revoked"; readonly deliveries: readonly number[] }
  /** The address's history was lost; this is the new one's identity. */
  | { readonly kind: "epoch"; readonly epoch: string };

/** One consumer of one subscription. Iterate it once; the iteration ends when it is closed. */
export interface Subscription extends AsyncIterable<SubscriptionEvent> {
  /** Identity of the address's history when the subscription was opened. */
  readonly epoch: string;
  /** Of a topic: the subscription was there already, and goes on where it stands, whatever `startFrom` said. */
  readonly resumed: boolean;
  /**
   * Adds to what is left of earlier credit. Credit is a hard limit: no more messages or bytes are handed out than were
   * granted. A single message larger than the credit in bytes passes when the consumer holds nothing else.
   */
  grant(credit: Credit): void;
  /**
   * Reports outcomes. Each counts once: late, repeated or foreign ones change nothing and are returned, with the reason
   * as a FAILED_PRECONDITION. The store learns of the others when their batch is complete, or within a second.
   */
  settle(outcomes: readonly Outcome[]): readonly RefusedOutcome[];
  /**
   * The consumer begins on suspects: if it crashes from now on, that counts for them. Of what it does not hold, nothing is noted.
   *
   * @param deliveries their numbers
   */
  begin(deliveries: readonly number[]): void;
  /** A sign of life: keeps the lease. */
  renew(): void;
  /** Hands out nothing more. What is held can still be settled. */
  drain(): void;
  /** Gives back what is unsettled, uncounted, and ends the iteration. */
  close(): Promise<void>;
  /** The consumer is gone without a word: what it held counts as failed, and is retried with backoff. Ends the iteration. */
  crash(): void;
}

/** An outcome that did not count. */
export interface RefusedOutcome {
  readonly outcome: Outcome;
  readonly error: ChappeError;
}

/** Takes batches, keeps them, and hands their messages to the consumers of each address. */
export interface Broker {
  /**
   * Stores a batch. After it resolves, the batch survives what its durability says and is delivered at least once to
   * each subscription. Batches of one sender to one address are delivered in publish order, as long as nothing fails and
   * one consumer reads; with an ordering key, those of the same key always are.
   *
   * @throws ChappeError FAILED_PRECONDITION with `expectedSequence` when the producer's sequence has a gap, or when the
   * store cannot give the durability; UNAVAILABLE when the store cannot be reached or the durability was not reached in
   * time (the batch may still arrive); RESOURCE_EXHAUSTED when the store is full; INVALID_ARGUMENT for a
   * delivery time that cannot be, ALREADY_EXISTS when the sender has a message of the same id waiting there for its time;
   * UNIMPLEMENTED for a delivery time where the store keeps no delayed messages
   */
  publish(batch: Batch, options?: { readonly durability?: Durability }): Promise<Receipt>;
  /**
   * Joins a subscription as a consumer, creating it where it does not exist.
   *
   * @throws ChappeError UNAVAILABLE when the store cannot be reached or the broker is closing; INVALID_ARGUMENT for an
   * address or name outside the grammar; NOT_FOUND for a `startFrom` at a message which the topic does not keep;
   * FAILED_PRECONDITION where the consumers here differ in `singleActive`
   */
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /**
   * Moves an existing subscription of a topic to a position in what the topic keeps: an operation, not a part of joining.
   * What its consumers hold is taken from them, their outcomes for it are refused; other routers' consumers learn of it
   * within a second. Waiting retries are dropped, dead letters stay. What comes again looks as it did the first time:
   * attempt 1, not redelivered.
   *
   * @throws ChappeError FAILED_PRECONDITION for a receiver, whose queue keeps nothing that was settled; NOT_FOUND when there
   * is no such subscription or message; INVALID_ARGUMENT for a position that is none; UNIMPLEMENTED when the store cannot
   */
  seek(name: SubscriptionName, position: StartFrom): Promise<void>;
  /** Resolves when the store answers a real round trip. @throws ChappeError UNAVAILABLE when it does not */
  ping(): Promise<void>;
  /**
   * Stops handing out, waits for what is held to be settled, gives back the rest after `deadlineMs`, 25,000 by default, and
   * closes the store.
   */
  close(options?: { readonly deadlineMs?: number }): Promise<void>;
}
