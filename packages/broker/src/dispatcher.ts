import { ChappeError, MAX_REASON_BYTES, type RetryPolicy, retryDelayMs } from "@chappe/message";
import type { Credit, Outcome, RefusedOutcome } from "./broker.ts";
import { Consumer, type ConsumerSink, type Handed } from "./consumer.ts";
import { HeldEntry } from "./held-entry.ts";
import { ReadyQueue, type Slice } from "./ready-queue.ts";
import type { Entry, Settlement } from "./store.ts";

/** Claiming more entries than this at once would only make a reply large; the next claim follows at once anyway. */
const MAX_CLAIM = 64;

/** Entries are at most 64 KiB, or one large message: with this many bytes of credit for each, few claims overshoot. */
const BYTES_PER_CLAIMED_ENTRY = 16_384;

/** What becomes of a message past its time: a dead letter with its reason, or nothing but a count. */
export type ExpiredPolicy = "dead-letter" | "drop";

/** What a {@link Dispatcher} needs from outside. */
export interface DispatcherOptions {
  readonly retryPolicy: RetryPolicy;
  /** What becomes of messages past their time. */
  readonly expired: ExpiredPolicy;
  /** Milliseconds since 1970-01-01 UTC: messages expire by it. */
  readonly now: () => number;
  /** 0 ≤ random() < 1, for the jitter of retries. */
  readonly random: () => number;
}

/**
 * Decides who gets which message of one subscription, and what becomes of it. Pure: entries, credit and outcomes go in;
 * deliveries go to the consumers' sinks, and {@link Dispatcher.takeSettlements} says what the store must be told.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #ready = new ReadyQueue();
  readonly #entries = new Map<string, HeldEntry>();
  readonly #consumers: Consumer[] = [];
  #settlements: Settlement[] = [];
  #turn = 0;
  #order = 0;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  get consumers(): readonly Consumer[] {
    return this.#consumers;
  }

  /** Whether any message is in a consumer's hands. */
  get busy(): boolean {
    return this.#consumers.some((consumer) => consumer.held.size > 0);
  }

  join(name: string, sink: ConsumerSink, leaseMs: number): Consumer {
    const consumer = new Consumer(name, sink, leaseMs, this.#options.now());
    this.#consumers.push(consumer);
    return consumer;
  }

  /** How many entries the consumers' credit asks for, beyond what already waits here. */
  claimLimit(): number {
    let messages = -this.#ready.messages;
    let bytes = -this.#ready.bytes;
    for (const consumer of this.#consumers) {
      if (!consumer.hungry) continue;
      messages += consumer.credit.messages;
      bytes += consumer.credit.bytes;
    }
    if (messages <= 0 || bytes <= 0) return 0;
    return Math.min(MAX_CLAIM, messages, Math.ceil(bytes / BYTES_PER_CLAIMED_ENTRY));
  }

  /** Takes in entries from the store, oldest first. One that is here already is passed over. */
  offer(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (this.#entries.has(entry.ref)) continue;
      const held = new HeldEntry(entry, this.#order++);
      this.#entries.set(entry.ref, held);
      for (const gap of held.settled.gaps()) this.#ready.push({ held, ...gap });
      this.#removeIfDone(held);
    }
    this.#dispatch();
  }

  grant(consumer: Consumer, credit: Credit): void {
    consumer.grant(credit);
    this.#dispatch();
  }

  /** Applies outcomes, each whole or not at all. */
  settle(consumer: Consumer, outcomes: readonly Outcome[]): RefusedOutcome[] {
    const refused: RefusedOutcome[] = [];
    let released = false;
    for (const outcome of outcomes) {
      const handed = consumer.held.get(outcome.delivery);
      const problem = problemOf(outcome, handed);
      if (handed === undefined || problem !== undefined) {
        refused.push({ outcome, error: new ChappeError("FAILED_PRECONDITION", problem ?? "") });
        continue;
      }
      handed.outcomes.add(outcome.first, outcome.first + outcome.count);
      if (handed.outcomes.full) consumer.held.delete(outcome.delivery);
      this.#apply(handed.slice, outcome);
      released ||= outcome.kind === "release";
    }
    // A message larger than the credit in bytes waits for its consumer to hold nothing.
    if (released || consumer.held.size === 0) this.#dispatch();
    return refused;
  }

  /** The consumer is gone. What it held is given back, or counts as failed when it `crashed`. */
  leave(consumer: Consumer, how: "closed" | "crashed"): void {
    const place = this.#consumers.indexOf(consumer);
    if (place === -1) return;
    this.#consumers.splice(place, 1);
    for (const { slice, outcomes } of consumer.held.values()) {
      for (const gap of outcomes.gaps()) {
        const rest = { held: slice.held, from: slice.from + gap.from, to: slice.from + gap.to };
        if (how === "closed") this.#ready.putBack(rest);
        else this.#crash(rest, consumer.name);
      }
    }
    consumer.held.clear();
    if (this.#consumers.length === 0) this.returnAll();
    else this.#dispatch();
  }

  /** Consumers whose lease is over. */
  silent(): Consumer[] {
    const now = this.#options.now();
    return this.#consumers.filter((consumer) => now - consumer.lastSignMs > consumer.leaseMs);
  }

  /** The store says that another instance owns this entry now. */
  lose(ref: string): void {
    const held = this.#entries.get(ref);
    if (held === undefined) return;
    this.#entries.delete(ref);
    this.#ready.remove(held);
    for (const consumer of this.#consumers) {
      const revoked = [...consumer.held].filter(([, handed]) => handed.slice.held === held).map(([number]) => number);
      for (const number of revoked) consumer.held.delete(number);
      if (revoked.length > 0) consumer.sink.revoke(revoked);
    }
  }

  /** Lets any instance have what is owned here and not settled. */
  returnAll(): void {
    this.#ready.clear();
    for (const held of this.#entries.values()) this.#settlements.push(held.takeSettlement("return"));
    this.#entries.clear();
  }

  /** Makes settlements of outcomes that still wait for the rest of their batch. */
  noteProgress(): void {
    for (const held of this.#entries.values()) {
      if (held.changed) this.#settlements.push(held.takeSettlement("keep"));
    }
  }

  /** Whether the store must be told anything. */
  get hasSettlements(): boolean {
    return this.#settlements.length > 0;
  }

  /** What the store must be told, in order. Each is given out once. */
  takeSettlements(): Settlement[] {
    const settlements = this.#settlements;
    this.#settlements = [];
    return settlements;
  }

  #dispatch(): void {
    for (let slice = this.#ready.peek(); slice !== undefined; slice = this.#ready.peek()) {
      const deliverable = this.#deliverable(slice);
      if (deliverable === 0) continue;
      const chosen = this.#choose(slice);
      if (chosen === undefined) return;
      chosen.consumer.hand(this.#ready.take(Math.min(chosen.count, deliverable)));
    }
  }

  /** How many messages from the slice's front are within their time. Takes out those before them that are not. */
  #deliverable({ held, from, to }: Slice): number {
    const nowMs = this.#options.now();
    if (!held.mayHaveExpired(nowMs)) return to - from;
    const past = held.run(true, from, to, nowMs);
    if (past === 0) return held.run(false, from, to, nowMs);
    this.#ready.take(past);
    held.expire(from, from + past, this.#options.expired);
    this.#removeIfDone(held);
    return 0;
  }

  /** The next consumer in turn whose credit covers something, and how much of the slice it gets. */
  #choose(slice: Slice): { consumer: Consumer; count: number } | undefined {
    const consumers = this.#consumers;
    for (let step = 0; step < consumers.length; step++) {
      const consumer = consumers[(this.#turn + step) % consumers.length] as Consumer;
      const fits = consumer.fits(slice);
      if (fits === 0) continue;
      this.#turn = (this.#turn + step + 1) % consumers.length;
      return { consumer, count: Math.min(fits, this.#share(slice)) };
    }
    return undefined;
  }

  /** A batch is divided among the consumers that wait, so that one does not sit idle beside another's thousand. */
  #share(slice: Slice): number {
    const size = slice.to - slice.from;
    if (this.#consumers.length === 1) return size;
    const waiting = this.#consumers.filter((consumer) => consumer.hungry).length;
    return Math.ceil(size / Math.max(1, waiting));
  }

  #apply({ held, from }: Slice, outcome: Outcome): void {
    const first = from + outcome.first;
    const end = first + outcome.count;
    const reason = (outcome.reason ?? "").slice(0, MAX_REASON_BYTES);
    switch (outcome.kind) {
      case "ack":
        held.ack(first, end);
        break;
      case "release":
        this.#ready.putBack({ held, from: first, to: end });
        break;
      case "fail":
        this.#fail(held, first, end, reason, outcome.delayMs);
        break;
      case "reject":
        for (let index = first; index < end; index++) held.bury(index, reason);
        break;
    }
    this.#removeIfDone(held);
  }

  /** Each failed message goes on alone, with its own backoff, or to the dead letters when its attempts are used up. */
  #fail(held: HeldEntry, from: number, to: number, reason: string, delayMs?: number): void {
    const { attempt } = held.entry;
    const { maxAttempts } = this.#options.retryPolicy;
    for (let index = from; index < to; index++) {
      if (attempt >= maxAttempts) held.bury(index, `failed ${attempt} of ${maxAttempts} attempts: ${reason}`);
      else held.retry(index, index + 1, delayMs ?? this.#backoffMs(attempt));
    }
  }

  /**
   * The first crash retries together what was held together, for most crashes have nothing to do with a message. After
   * the second, each message goes on alone, so that a poisonous one cannot take its neighbours along.
   */
  #crash({ held, from, to }: Slice, consumer: string): void {
    const { attempt } = held.entry;
    if (attempt === 1 && this.#options.retryPolicy.maxAttempts > 1) held.retry(from, to, this.#backoffMs(attempt));
    else this.#fail(held, from, to, `consumer ${consumer} crashed`);
    this.#removeIfDone(held);
  }

  #backoffMs(attempt: number): number {
    return retryDelayMs(this.#options.retryPolicy, attempt, this.#options.random);
  }

  #removeIfDone(held: HeldEntry): void {
    if (!held.settled.full || !this.#entries.delete(held.entry.ref)) return;
    this.#settlements.push(held.takeSettlement("remove"));
  }
}

function problemOf({ delivery, first, count }: Outcome, handed: Handed | undefined): string | undefined {
  if (handed === undefined)
    return `delivery ${delivery} is not held by this consumer: settled before, revoked, or never handed out`;
  const size = handed.outcomes.size;
  if (!(Number.isInteger(first) && Number.isInteger(count) && first >= 0 && count >= 1 && first + count <= size)) {
    return `messages ${first} to ${first + count - 1} of delivery ${delivery} do not exist: it has messages 0 to ${size - 1}`;
  }
  if (handed.outcomes.any(first, first + count)) {
    return `messages ${first} to ${first + count - 1} of delivery ${delivery} were settled before, at least in part`;
  }
  return undefined;
}
