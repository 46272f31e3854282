import { ChappeError, cutReason } from "@chappe/message";
import type { Credit, Outcome, RefusedOutcome } from "./broker.ts";
import { entriesFor } from "./claim-size.ts";
import { Consumer, type ConsumerIdentity, type ConsumerSink, type Handed } from "./consumer.ts";
import { Consumers } from "./consumers.ts";
import { Failing, type FailingOptions } from "./failing.ts";
import { type ExpiredPolicy, HeldEntry } from "./held-entry.ts";
import { type Astray, KeyOrder } from "./key-order.ts";
import { problemOf } from "./outcome-problem.ts";
import { Quarantine } from "./quarantine.ts";
import { ReadyQueue, type Slice } from "./ready-queue.ts";
import type { Entry, Settlement, Standing } from "./store.ts";

const NO_REFS: ReadonlyMap<string, Settlement["action"]> = new Map();

/** What a {@link Dispatcher} needs from outside. */
export interface DispatcherOptions extends FailingOptions {
  /** What becomes of messages past their time. */
  readonly expired: ExpiredPolicy;
  /** One consumer at a time is handed messages, the one that came first. @default false */
  readonly singleActive?: boolean;
}

/**
 * Decides who gets which message of one subscription, and what becomes of it. Pure: entries, credit and outcomes go in;
 * deliveries go to the consumers' sinks, and {@link Dispatcher.takeSettlements} says what the store must be told.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #ready = new ReadyQueue();
  /** Entries with an ordering key that cannot be handed out yet. */
  readonly #order = new KeyOrder();
  /** What may crash its consumer. */
  readonly #quarantine = new Quarantine();
  readonly #failing: Failing;
  readonly #entries = new Map<string, HeldEntry>();
  readonly #consumers: Consumers;
  #settlements: Settlement[] = [];
  #arrivals = 0;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#failing = new Failing(options);
    this.#consumers = new Consumers(options.singleActive ?? false);
  }

  get consumers(): readonly Consumer[] {
    return this.#consumers.all;
  }

  /** Whether any message is in a consumer's hands. */
  get busy(): boolean {
    return this.consumers.some((consumer) => consumer.held.size > 0);
  }

  join(identity: ConsumerIdentity, sink: ConsumerSink): Consumer {
    const consumer = new Consumer(identity, sink, this.#options.now());
    this.#consumers.add(consumer);
    return consumer;
  }

  /** How many entries the consumers' credit asks for, beyond what already waits here. */
  claimLimit(): number {
    if (this.#order.isFull) return 0;
    const { messages, bytes } = this.#consumers.credit;
    return entriesFor({ messages: messages - this.#ready.messages, bytes: bytes - this.#ready.bytes });
  }

  /**
   * How many entries to take that were claimed before. One of them may be what all that waits here is waiting for, so even
   * where nothing should be claimed one is taken.
   */
  sweepLimit(): number {
    return this.#order.isFull ? 1 : this.claimLimit();
  }

  /**
   * Takes in entries from the store, oldest first. One that is here already is passed over, and so is one that is `leaving`:
   * it was let go here, by this action, and the store does not know yet.
   */
  offer(entries: readonly Entry[], leaving = NO_REFS): void {
    for (const entry of entries) {
      const { ref, turn } = entry;
      if (leaving.has(ref) || this.#isBusyWith(ref)) continue;
      const held = new HeldEntry(entry, this.#arrivals++, this.#options.now());
      this.#entries.set(ref, held);
      if (turn === undefined) {
        for (const gap of held.settled.gaps()) this.#ready.push({ held, ...gap });
        this.#removeIfDone(held);
      } else if (turn.after === "" || leaving.get(turn.after) === "remove") this.#goOn(held);
      else {
        // An entry has one follower: another one is of a history that was lost since.
        const rival = this.#order.followerOf(turn.after);
        if (rival !== undefined) this.lose(rival.entry.ref);
        this.#order.wait(held, turn.after);
      }
    }
    this.#dispatch();
    this.endRest();
  }

  /** Nothing more is to be had now: whoever has just handled a suspect may be handed the next one. */
  endRest(): void {
    if (this.#quarantine.endRest()) this.#dispatch();
  }

  /** Entries that wait for one that is not here: only the store knows how they stand. */
  astray(): Astray[] {
    return this.#order.astray((ref) => this.#entries.has(ref));
  }

  /** The store's answer for entries that were astray. */
  noteTurns(astray: readonly Astray[], standings: readonly Standing[]): void {
    astray.forEach(({ ref, after, held }, index) => {
      // It may have come anew since the store was asked.
      if (this.#entries.get(ref) !== held || !this.#order.isWaiting(held)) return;
      if (standings[index] === "moved") this.lose(ref);
      if (standings[index] !== "next") return;
      this.#order.takeFollower(after);
      this.#goOn(held);
    });
    this.#dispatch();
  }

  /** When the next pause after a failure is over, by the dispatcher's clock; undefined when there is none. */
  get nextPauseEndMs(): number | undefined {
    return this.#order.nextPauseEndMs;
  }

  /** Hands out what has rested after a failure. */
  endPauses(): void {
    const nowMs = this.#options.now();
    for (let held = this.#order.takeRested(nowMs); held !== undefined; held = this.#order.takeRested(nowMs)) {
      this.#goOn(held);
    }
    this.#dispatch();
  }

  /** Hands out nothing more to these. */
  drain(...consumers: readonly Consumer[]): void {
    for (const consumer of consumers) {
      consumer.draining = true;
      this.#quarantine.release(consumer);
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
      if (handed.slice.held.isOrdered) this.#applyInOrder(consumer, handed, outcome);
      else this.#apply(handed.slice, outcome);
      released ||= outcome.kind === "release" || handed.slice.held.isOrdered;
    }
    if (consumer.held.size === 0) this.#quarantine.noteEmpty(consumer);
    // A message larger than the credit in bytes waits for its consumer to hold nothing.
    if (released || consumer.held.size === 0) this.#dispatch();
    return refused;
  }

  /** The consumer is gone. What it held is given back, or counts as failed when it `crashed`. */
  leave(consumer: Consumer, how: "closed" | "crashed"): void {
    if (!this.#consumers.remove(consumer)) return;
    this.#quarantine.release(consumer);
    for (const handed of consumer.held.values()) {
      const { slice, outcomes } = handed;
      if (slice.held.isOrdered) {
        slice.held.noteHeld();
        if (how === "crashed") this.#failing.crashInOrder(handed, consumer.name);
        this.#goOn(slice.held);
        continue;
      }
      for (const gap of outcomes.gaps()) {
        const rest = { held: slice.held, from: slice.from + gap.from, to: slice.from + gap.to };
        if (how === "closed") this.#ready.putBack({ ...rest, wasHeld: true });
        else {
          this.#failing.crash(rest, consumer.name, handed.isBegun);
          this.#removeIfDone(slice.held);
        }
      }
    }
    consumer.held.clear();
    if (this.consumers.length === 0) this.returnAll();
    else this.#dispatch();
  }

  /** Consumers whose lease is over. */
  silent(): Consumer[] {
    const now = this.#options.now();
    return this.consumers.filter((consumer) => now - consumer.lastSignMs > consumer.leaseMs);
  }

  /** The store says that another instance owns this entry now. */
  lose(ref: string): void {
    const held = this.#entries.get(ref);
    if (held === undefined) return;
    this.#entries.delete(ref);
    this.#order.forget(held);
    this.#quarantine.remove(held);
    this.#ready.remove(held);
    for (const consumer of this.consumers) consumer.takeBack(held);
  }

  /** What is here may come a second time: the store has lost what it knew of it. */
  doubtAll(): void {
    for (const held of this.#entries.values()) held.noteHeld();
  }

  /** Takes everything from the consumers, and lets any instance have what is owned here still. */
  revokeAll(): void {
    for (const { held, sink } of this.consumers) {
      if (held.size > 0) sink.revoke([...held.keys()]);
      held.clear();
    }
    this.returnAll();
  }

  /** Lets any instance have what is owned here and not settled. */
  returnAll(): void {
    this.#ready.clear();
    this.#order.clear();
    this.#quarantine.clear();
    for (const held of this.#entries.values()) this.#settle(held, "return");
    this.#entries.clear();
  }

  /** Makes settlements of outcomes that still wait for the rest of their batch. */
  noteProgress(): void {
    for (const held of this.#entries.values()) {
      if (held.changed) this.#settle(held, "keep");
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

  /** Whether an entry is here. One that waits for another gives way: the store knows better whose it is. */
  #isBusyWith(ref: string): boolean {
    const held = this.#entries.get(ref);
    if (held === undefined || !this.#order.isWaiting(held)) return held !== undefined;
    this.lose(ref);
    return false;
  }

  #dispatch(): void {
    const nowMs = this.#options.now();
    if (!this.#quarantine.isEmpty) this.#endIsolation(nowMs);
    this.#dispatchReady(nowMs);
    if (!this.#quarantine.isEmpty) this.#dispatchSuspects(nowMs);
  }

  #endIsolation(nowMs: number): void {
    for (const slice of this.#quarantine.takeOverdue(nowMs)) {
      slice.held.trust(slice.from);
      this.#ready.putBack(slice);
    }
  }

  /** Hands out, one to a consumer, what may crash it. It comes last, so that all else goes on between two of them. */
  #dispatchSuspects(nowMs: number): void {
    this.#quarantine.assign(this.#consumers.served, nowMs);
    let hasFreed = false;
    for (let next = this.#quarantine.takeNext(nowMs); next !== undefined; next = this.#quarantine.takeNext(nowMs)) {
      const { consumer, slice } = next;
      const past = slice.held.past(slice.from, slice.to, nowMs);
      if (past === 0) consumer.hand(slice);
      else {
        this.#quarantine.release(consumer);
        this.#expire(slice, past);
        hasFreed = true;
      }
    }
    if (hasFreed) this.#dispatch();
  }

  #dispatchReady(nowMs: number): void {
    for (let slice = this.#ready.peek(); slice !== undefined; slice = this.#ready.peek()) {
      const deliverable = this.#deliverable(slice, nowMs);
      if (deliverable === 0) continue;
      if (slice.held.goesAlone(slice.from)) {
        this.#quarantine.add(this.#ready.take(deliverable));
        continue;
      }
      const chosen = this.#consumers.choose(slice);
      if (chosen === undefined) return;
      const { held } = slice;
      const count = Math.min(chosen.count, deliverable);
      chosen.consumer.hand(held.isOrdered ? this.#ready.takeAlone(count) : this.#ready.take(count));
    }
  }

  /** How many messages from the slice's front are within their time. Takes out those before them that are not. */
  #deliverable(slice: Slice, nowMs: number): number {
    const { held, from, to } = slice;
    const past = held.past(from, to, nowMs);
    if (past === 0) return held.within(from, to, nowMs);
    this.#ready.take(past);
    this.#expire(slice, past);
    return 0;
  }

  /** The first `past` messages of the slice, which nobody has, are past their time. */
  #expire({ held, from, to }: Slice, past: number): void {
    held.expire(from, from + past, this.#options.expired);
    if (held.isOrdered && past === to - from) this.#goOn(held);
    else this.#removeIfDone(held);
  }

  #apply({ held, from }: Slice, outcome: Outcome): void {
    const first = from + outcome.first;
    const end = first + outcome.count;
    const reason = cutReason(outcome.reason ?? "");
    switch (outcome.kind) {
      case "ack":
        held.ack(first, end);
        break;
      case "release":
        this.#ready.putBack({ held, from: first, to: end, wasHeld: true });
        break;
      case "fail":
        this.#failing.fail(held, first, end, reason, { how: "failed", delayMs: outcome.delayMs });
        break;
      case "reject":
        for (let index = first; index < end; index++) held.bury(index, reason);
        break;
    }
    this.#removeIfDone(held);
  }

  /**
   * Messages of one key are handed out as long as each is acked or given up. What is released or fails takes with it what
   * its consumer holds after it, uncounted: none of that may be handled before.
   */
  #applyInOrder(consumer: Consumer, { slice: { held, from }, outcomes }: Handed, outcome: Outcome): void {
    const first = from + outcome.first;
    const end = first + outcome.count;
    const reason = cutReason(outcome.reason ?? "");
    if (outcome.kind === "ack") held.ack(first, end);
    else if (outcome.kind === "reject") for (let index = first; index < end; index++) held.bury(index, reason);
    else {
      if (outcome.kind === "release") held.noteHeld();
      else this.#failing.failInOrder(held, first, reason, { how: "failed", delayMs: outcome.delayMs });
      consumer.held.delete(outcome.delivery);
      if (!outcomes.full) consumer.sink.revoke([outcome.delivery]);
    }
    if (!consumer.held.has(outcome.delivery)) this.#goOn(held);
    this.#removeIfDone(held);
  }

  /** Nobody holds anything of an entry with an ordering key: what comes next of it, or of what waits for it? */
  #goOn(held: HeldEntry): void {
    if (this.#removeIfDone(held)) return;
    if (held.pausedUntilMs > this.#options.now()) {
      this.#order.pause(held);
      return;
    }
    const slice = held.next();
    if (slice !== undefined) this.#ready.putBack(slice);
  }

  #removeIfDone(held: HeldEntry): boolean {
    const { ref } = held.entry;
    if (!held.settled.full || !this.#entries.delete(ref)) return held.settled.full;
    this.#settle(held, "remove");
    if (held.isOrdered) {
      this.#order.forget(held);
      const follower = this.#order.takeFollower(ref);
      if (follower !== undefined) this.#goOn(follower);
    }
    return true;
  }

  #settle(held: HeldEntry, action: Settlement["action"]): void {
    this.#settlements.push(held.takeSettlement(action, this.#options.now()));
  }
}
