import { ChappeError, type RetryPolicy } from "@chappe/message";
import type { Credit, Outcome, RefusedOutcome } from "./broker.ts";
import { Alarm } from "./alarm.ts";
import type { Clock } from "./clock.ts";
import type { Consumer, ConsumerIdentity, ConsumerSink } from "./consumer.ts";
import { Dispatcher } from "./dispatcher.ts";
import { type ExpiredPolicy, HeldEntry } from "./held-entry.ts";
import { SettlementOutbox } from "./settlement-outbox.ts";
import type { Entry, Opening, Settlement, Store, SubscriptionName } from "./store.ts";
import { subscriptionText } from "./subscription-text.ts";
import { TurnQuestions } from "./turn-questions.ts";

/** Outcomes wait this long for the rest of their batch before the store is told of them alone. */
const PROGRESS_MS = 1_000;

/** A store that does not answer is asked again after this time. */
const STORE_RETRY_MS = 200;

/** One that stands by asks so soon whether it is its turn, when something has happened: appends wake it as well. */
const STAND_BY_MS = 50;

/** What a {@link SubscriptionDriver} needs from its broker. */
export interface DriverOptions {
  readonly name: SubscriptionName;
  readonly store: Store;
  readonly clock: Clock;
  readonly retryPolicy: RetryPolicy;
  readonly expired: ExpiredPolicy;
  readonly random: () => number;
  /** Of all consumers, over all instances, one at a time is handed messages. */
  readonly singleActive: boolean;
  /** How long until the next look-round; asked each time, for it grows with the number of subscriptions. */
  readonly sweepMs: () => number;
  /** Told the bytes of what came from the store. */
  readonly onBytes: (bytes: number) => void;
  /** The last consumer has left, and the store has been told everything. */
  readonly onIdle: () => void;
}

/**
 * Runs one subscription's {@link Dispatcher} against the store: claims when consumers have credit, settles when they have
 * outcomes, looks round now and then. One claim and one settle are under way at a time, so that what comes up meanwhile
 * goes together in the next.
 */
export class SubscriptionDriver {
  /** Whether the subscription was made for it. */
  readonly created: boolean;
  readonly #options: DriverOptions;
  readonly #dispatcher: Dispatcher;
  #epoch: string;
  #claiming: Promise<void> | undefined;
  /** Whether the store may have entries that nobody owns. A claim that finds fewer than it asked for says no. */
  #more = true;
  /**
   * Whether a sweep has found everything that was claimed before. Until then nothing new is claimed, for what an instance
   * that is gone left behind is older.
   */
  #swept = false;
  /** Whether nothing may be claimed, because another instance has reserved the subscription. */
  #standsBy: boolean;
  #stopped = false;
  #stopping: Promise<void> | undefined;
  readonly #outbox: SettlementOutbox;
  #flushQueued = false;
  readonly #sweepAlarm: Alarm;
  #sweeping: Promise<void> | undefined;
  /** Refs of what the store was told to remove while a look-round is under way, which may answer it as owned still. */
  readonly #removedMeanwhile = new Set<string>();
  #progressTimer: unknown;
  readonly #turnQuestions: TurnQuestions;
  /** Goes off when the first pause after a failure is over. */
  readonly #pauseAlarm: Alarm;
  /** How often the subscription had been moved when it was last looked at. */
  #moves: number | undefined;

  constructor(options: DriverOptions, { epoch, created }: Opening) {
    this.#options = options;
    this.#epoch = epoch;
    this.created = created;
    const { name, store, retryPolicy, expired, clock, random, singleActive } = options;
    this.#standsBy = singleActive;
    this.#sweepAlarm = new Alarm(clock, () => this.#startSweep());
    this.#pauseAlarm = new Alarm(clock, () => this.#endPauses());
    this.#dispatcher = new Dispatcher({ retryPolicy, expired, random, singleActive, now: () => clock.now() });
    this.#outbox = new SettlementOutbox({
      ...{ store, name, clock, retryMs: STORE_RETRY_MS },
      onTold: (settlements, lost) => this.#noteTold(settlements, lost),
    });
    this.#turnQuestions = new TurnQuestions({
      ...{ store, name, dispatcher: this.#dispatcher },
      onAnswer: () => this.#followUp(),
      // What still waits is asked again by the look-round.
      onFailure: () => this.#sweepIn(STORE_RETRY_MS),
    });
    this.#startSweep();
  }

  /** The last consumer has left; this driver takes no other. */
  get stopped(): boolean {
    return this.#stopped;
  }

  get singleActive(): boolean {
    return this.#options.singleActive;
  }

  get epoch(): string {
    return this.#epoch;
  }

  /** Whether any message is in a consumer's hands. */
  get busy(): boolean {
    return this.#dispatcher.busy;
  }

  join(identity: ConsumerIdentity, sink: ConsumerSink): Consumer {
    return this.#dispatcher.join(identity, sink);
  }

  grant(consumer: Consumer, credit: Credit): void {
    this.#dispatcher.grant(consumer, credit);
    // What would have been handed out may have been past its time.
    if (this.#dispatcher.hasSettlements) this.#queueFlush();
    this.#claim();
  }

  settle(consumer: Consumer, outcomes: readonly Outcome[]): RefusedOutcome[] {
    const refused = this.#dispatcher.settle(consumer, outcomes);
    this.#noteProgressLater();
    this.#timePauses();
    this.#claim();
    // Where something was asked for, its answer comes first.
    if (!this.#claiming && !this.#sweeping) this.#dispatcher.endRest();
    return refused;
  }

  drain(consumer: Consumer): void {
    this.#dispatcher.drain(consumer);
    // Of a batch that is held in part, something may have been past its time.
    this.#noteProgressLater();
    this.#followUp();
  }

  /** Hands out nothing more to anyone. */
  drainAll(): void {
    this.#dispatcher.drain(...this.#dispatcher.consumers);
  }

  /** That of the last one resolves when the store has been told of everything, or cannot be; the others' at once. */
  async leave(consumer: Consumer, how: "closed" | "crashed", error?: ChappeError): Promise<void> {
    this.#dispatcher.leave(consumer, how);
    consumer.sink.end(error);
    if (this.#dispatcher.consumers.length === 0) await this.#stop();
    else {
      this.#noteProgressLater();
      this.#timePauses();
      this.#claim();
    }
  }

  /** Gives back everything and ends every consumer's subscription. Resolves when the store has been told. */
  async close(): Promise<void> {
    await Promise.all([...this.#dispatcher.consumers].map((consumer) => this.leave(consumer, "closed")));
    // The last consumer may have left before, and the store be hearing of its outcomes still.
    await this.#stop();
  }

  /** Stops trying to tell the store. What it was not told, other instances find when this one is gone. */
  abandon(): void {
    this.#outbox.abandon();
  }

  /** Looks round now; resolves when that is done. */
  async look(): Promise<void> {
    await this.#sweeping;
    this.#startSweep();
    await this.#sweeping;
  }

  /** There may be something to claim. */
  wake(): void {
    this.#more = true;
    this.#claim();
  }

  /** Something falls due in so many milliseconds. */
  lookRoundIn(ms: number): void {
    this.#sweepIn(Math.max(0, ms));
  }

  #claim(): void {
    if (this.#claiming || !this.#more || this.#stopped) return;
    if (this.#standsBy) return this.#sweepIn(STAND_BY_MS);
    const limit = this.#dispatcher.claimLimit();
    if (limit === 0) return;
    if (!this.#swept) return this.#startSweep();
    this.#more = false;
    this.#claiming = this.#options.store.claim(this.#options.name, limit).then(
      (entries) => {
        this.#claiming = undefined;
        if (entries.length >= limit) this.#more = true;
        this.#take(entries);
        this.#claim();
      },
      () => {
        this.#claiming = undefined;
        this.#more = true;
        // It may have taken effect.
        this.#swept = false;
        this.#sweepIn(STORE_RETRY_MS);
      },
    );
  }

  #take(entries: readonly Entry[]): void {
    const bytes = entries.reduce((sum, { headerBytes, records }) => sum + headerBytes.length + records.length, 0);
    if (bytes > 0) this.#options.onBytes(bytes);
    if (this.#stopped || this.#standsBy) return this.#turnAway(entries);
    this.#dispatcher.offer(entries, this.#outbox.leaving);
    this.#turnQuestions.ask();
    this.#timePauses();
    this.#queueFlush();
  }

  /** The last consumer left while the store was answering, or another instance reads by now: others shall have them. */
  #turnAway(entries: readonly Entry[]): void {
    const nowMs = this.#options.clock.now();
    const owned = entries.filter(({ ref }) => !this.#outbox.leaving.has(ref));
    this.#outbox.send(owned.map((entry) => new HeldEntry(entry, 0, nowMs).takeSettlement("return", nowMs)));
  }

  #timePauses(): void {
    const endMs = this.#dispatcher.nextPauseEndMs;
    if (endMs !== undefined && !this.#stopped) this.#pauseAlarm.ringAt(endMs);
  }

  #endPauses(): void {
    this.#dispatcher.endPauses();
    this.#followUp();
  }

  /** What was just handed out, or given up, may begin a pause, be for the store to hear, or leave room for more. */
  #followUp(): void {
    this.#timePauses();
    this.#queueFlush();
    this.#claim();
  }

  #startSweep(): void {
    this.#sweepAlarm.clear();
    this.#endLeases();
    if (this.#stopped) return;
    this.#sweeping ??= this.#sweep().then((answered) => {
      this.#sweeping = undefined;
      if (answered) this.wake();
    });
  }

  /** Whether the store answered. */
  async #sweep(): Promise<boolean> {
    const limit = this.#dispatcher.sweepLimit();
    const { name, store, singleActive } = this.#options;
    this.#removedMeanwhile.clear();
    try {
      const sweepMs = this.#options.sweepMs();
      if (singleActive && !(await this.#reserve())) {
        this.#sweepIn(sweepMs);
        return false;
      }
      const { entries, epoch, nextRetryMs = sweepMs, isReserved, moves } = await store.sweep(name, limit);
      if (isReserved && !singleActive) this.#refuseAll();
      const wasMoved = this.#moves !== undefined && this.#moves !== moves;
      this.#moves = moves;
      if (wasMoved) await this.#giveUpAll();
      this.#swept = !wasMoved && entries.length < limit;
      this.#noteEpoch(epoch);
      this.#take(entries.filter(({ ref }) => !this.#removedMeanwhile.has(ref)));
      this.#sweepIn(this.#swept ? Math.min(sweepMs, nextRetryMs) : sweepMs);
      return true;
    } catch {
      this.#swept = false;
      this.#sweepIn(STORE_RETRY_MS);
      return false;
    }
  }

  /** Asks whether this instance may read. Where it might no more, it lets go of everything. */
  async #reserve(): Promise<boolean> {
    const stoodBy = this.#standsBy;
    this.#standsBy = !(await this.#options.store.reserve(this.#options.name));
    if (!this.#standsBy || stoodBy) return !this.#standsBy;
    this.#swept = false;
    this.#dispatcher.revokeAll();
    this.#queueFlush();
    return false;
  }

  /** Somebody wants the subscription for one consumer at a time: who shares it must not take part. */
  #refuseAll(): void {
    const name = subscriptionText(this.#options.name);
    for (const consumer of [...this.#dispatcher.consumers]) {
      const problem = `${name}: its consumers ask for singleActive; consumer ${consumer.name} does not`;
      void this.leave(consumer, "closed", new ChappeError("FAILED_PRECONDITION", problem));
    }
  }

  /** Looks round in so many milliseconds, unless it happens sooner anyway. */
  #sweepIn(dueMs: number): void {
    const { clock, sweepMs } = this.#options;
    // What is due much later is found by the look-rounds between; no timer holds for a year.
    if (!this.#stopped) this.#sweepAlarm.ringAt(clock.now() + Math.min(dueMs, sweepMs()));
  }

  #endLeases(): void {
    for (const consumer of this.#dispatcher.silent()) {
      const error = new ChappeError(
        "ABORTED",
        `consumer ${consumer.name}: no sign of life for ${consumer.leaseMs} ms, its lease is over`,
      );
      void this.leave(consumer, "crashed", error);
    }
  }

  /** The subscription was moved: nothing that was claimed, or asked for, before this was known can be settled. */
  async #giveUpAll(): Promise<void> {
    // What was claimed after the move comes again with the next look-round, and is older than what another claim would bring.
    this.#swept = false;
    await this.#claiming;
    this.#dispatcher.revokeAll();
    this.#flush();
  }

  #noteEpoch(epoch: string): void {
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    this.#dispatcher.doubtAll();
    for (const consumer of this.#dispatcher.consumers) consumer.sink.epoch(epoch);
  }

  /** Tells the store at once of what is complete, and soon of what is not. */
  #noteProgressLater(): void {
    if (this.#stopped) return;
    this.#progressTimer ??= this.#options.clock.setTimeout(() => {
      this.#progressTimer = undefined;
      this.#dispatcher.noteProgress();
      this.#flush();
    }, PROGRESS_MS);
    this.#queueFlush();
  }

  #queueFlush(): void {
    if (this.#flushQueued) return;
    this.#flushQueued = true;
    queueMicrotask(() => {
      this.#flushQueued = false;
      this.#flush();
    });
  }

  #flush(): void {
    this.#outbox.send(this.#dispatcher.takeSettlements());
  }

  #noteTold(settlements: readonly Settlement[], lost: readonly string[]): void {
    for (const ref of lost) this.#dispatcher.lose(ref);
    for (const { retries } of settlements) for (const { delayMs } of retries) this.#sweepIn(delayMs);
    if (this.#sweeping === undefined) return;
    for (const { ref, action } of settlements) if (action === "remove") this.#removedMeanwhile.add(ref);
    // Others had them, and the look-round may have brought them back.
    for (const ref of lost) this.#removedMeanwhile.delete(ref);
  }

  #stop(): Promise<void> {
    this.#stopping ??= this.#end();
    return this.#stopping;
  }

  async #end(): Promise<void> {
    this.#stopped = true;
    const { clock } = this.#options;
    this.#sweepAlarm.clear();
    clock.clearTimeout(this.#progressTimer);
    this.#pauseAlarm.clear();
    await this.#claiming;
    await this.#sweeping;
    await this.#turnQuestions.answered;
    this.#flush();
    await this.#outbox.told;
    await this.#outbox.leaveStore();
    this.#options.onIdle();
  }
}
