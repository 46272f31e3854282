import type { ChappeError } from "@chappe/message";
import type { Credit, Delivery } from "./broker.ts";
import type { HeldEntry } from "./held-entry.ts";
import { Marks } from "./marks.ts";
import type { Slice } from "./ready-queue.ts";

/** Where a consumer's events go. */
export interface ConsumerSink {
  deliver(delivery: Delivery): void;
  /** These deliveries are no longer the consumer's. */
  revoke(deliveries: readonly number[]): void;
  epoch(epoch: string): void;
  /** Nothing comes after this; `error` says why, if the consumer did not ask for it. */
  end(error?: ChappeError): void;
}

/** A delivery in a consumer's hands. */
export interface Handed {
  readonly slice: Slice;
  /** Which of its messages have an outcome, by index within the delivery. */
  readonly outcomes: Marks;
  /** Whether a crash counts for it: always, but for a suspect on which its consumer is still to say that it begins. */
  isBegun: boolean;
}

/** Who a {@link Consumer} is, and how it goes about its messages. */
export interface ConsumerIdentity {
  readonly name: string;
  /** How long it may be silent until it is taken for dead, milliseconds. */
  readonly leaseMs: number;
  /** It says of each suspect when it begins on it. */
  readonly beginsSuspects: boolean;
}

/** What the dispatcher knows of one consumer: its credit, and what it holds. */
export class Consumer {
  readonly name: string;
  readonly sink: ConsumerSink;
  readonly leaseMs: number;
  readonly #beginsSuspects: boolean;
  readonly held = new Map<number, Handed>();
  lastSignMs: number;
  draining = false;
  /** It is kept for one message, and handed no other. */
  isolated = false;
  #messages = 0;
  #bytes = 0;
  #deliveries = 0;

  constructor({ name, leaseMs, beginsSuspects }: ConsumerIdentity, sink: ConsumerSink, nowMs: number) {
    this.name = name;
    this.sink = sink;
    this.leaseMs = leaseMs;
    this.#beginsSuspects = beginsSuspects;
    this.lastSignMs = nowMs;
  }

  /** What may still be handed out to this consumer. Bytes fall below zero when one oversized message passed alone. */
  get credit(): Credit {
    return this.draining ? { messages: 0, bytes: 0 } : { messages: this.#messages, bytes: this.#bytes };
  }

  get hungry(): boolean {
    return !this.draining && !this.isolated && this.#messages > 0 && this.#bytes > 0;
  }

  grant(credit: Credit): void {
    this.#messages += credit.messages;
    this.#bytes += credit.bytes;
  }

  /** How many messages from the front of `slice` the credit covers. */
  fits(slice: Slice): number {
    if (!this.hungry) return 0;
    const { held, from, to } = slice;
    let count = Math.min(to - from, this.#messages);
    if (held.bytes(from, from + count) <= this.#bytes) return count;
    let tooMany = count;
    count = 0;
    while (tooMany - count > 1) {
      const middle = (count + tooMany) >>> 1;
      if (held.bytes(from, from + middle) <= this.#bytes) count = middle;
      else tooMany = middle;
    }
    return count === 0 && this.held.size === 0 ? 1 : count;
  }

  /** Hands out a slice, which {@link Consumer.fits}. */
  hand(slice: Slice): void {
    const { held, from, to } = slice;
    const records = held.records(from, to);
    const suspect = held.goesAlone(from);
    const number = ++this.#deliveries;
    this.#messages -= to - from;
    this.#bytes -= records.length;
    this.held.set(number, { slice, outcomes: new Marks(to - from), isBegun: !(suspect && this.#beginsSuspects) });
    this.sink.deliver({
      number,
      attempt: held.attempt(from),
      redelivered: held.redelivered || slice.wasHeld === true,
      first: held.entry.first + from,
      count: to - from,
      headerBytes: held.entry.headerBytes,
      records,
      suspect,
    });
  }

  /** It begins on suspects: from now on, its crash counts for them. */
  begin(deliveries: readonly number[]): void {
    for (const number of deliveries) {
      const handed = this.held.get(number);
      if (handed !== undefined) handed.isBegun = true;
    }
  }

  /** Takes back what it holds of an entry, and says so. */
  takeBack(entry: HeldEntry): void {
    const revoked = [...this.held].filter(([, { slice }]) => slice.held === entry).map(([number]) => number);
    for (const number of revoked) this.held.delete(number);
    if (revoked.length > 0) this.sink.revoke(revoked);
  }
}
