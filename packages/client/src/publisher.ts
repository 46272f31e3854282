import {
  ChappeError,
  chappeErrorOf,
  type FrameReceipt,
  type MessageInput,
  type PublishResultFrame,
} from "@chappe/message";
import { AcknowledgedBatches, type HealingLimits } from "./acknowledged-batches.ts";
import type { BackoffLimits } from "./backoff.ts";
import { HeldProducers } from "./held-producers.ts";
import type { SentBatch } from "./in-flight-frames.ts";
import { MessageIntake } from "./message-intake.ts";
import type { PendingBatch } from "./pending-batch.ts";
import { PendingBudget } from "./pending-budget.ts";
import type { Producer } from "./producer.ts";
import { PublishLink, type PublishLinkParts } from "./publish-link.ts";
import { SendDeadlines } from "./send-deadlines.ts";
import { StoreProbes } from "./store-probes.ts";
import { closedError, closedUnansweredError, fullError, sendTimeoutError } from "./send-errors.ts";
import { SendLine } from "./send-line.ts";
import type { SendReceipt, StoredBatch } from "./send-receipt.ts";

/** Where one message of many is: in a batch that settles as a whole. */
export interface BatchPlace {
  readonly settled: Promise<StoredBatch>;
  readonly index: number;
}

/** How a {@link Publisher} works. */
export interface PublisherOptions {
  readonly maxMessageBytes: number;
  readonly maxPendingBytes: number;
  readonly whenFull: "wait" | "reject";
  readonly sendTimeoutMs: number;
  readonly healing: HealingLimits;
}

/**
 * With fewer frames than this in flight, whatever there is goes out at the end of the turn. From then on batches fill
 * until an answer comes: they grow by themselves as the router gets slower, and need no timer for it.
 */
const EAGER_FRAMES = 2;
/** Full frames may go out until this many are in flight: enough to keep a router busy, and Redis behind it. */
const MAX_FRAMES = 8;
/** A frame with this many bytes of records is full: one full batch. Longer ones only make answers come in bursts. */
const FRAME_BYTES = 61_440;
const FRAME_BATCHES = 1_024;

/** How often deadlines are looked at, as a share of the send timeout; and the bounds of that. */
const TICK_SHARE = 1 / 20;
const MIN_TICK_MS = 5;
const MAX_TICK_MS = 1_000;

/** A router that is silent for this share of the send timeout is given up, so that another one gets the other half. */
const SILENCE_SHARE = 1 / 2;

/** How long a router may take to end a stream on which all is answered. */
const GOODBYE_MS = 1_000;

const HOLD_LIMITS: BackoffLimits = { firstMs: 50, maxMs: 2_000 };

/** Sends batches and settles their sends: the heart of a client that sends. One for all senders of a client. */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #parts: PublishLinkParts;
  readonly #budget: PendingBudget;
  readonly #deadlines = new SendDeadlines();
  readonly #acknowledged: AcknowledgedBatches;
  readonly #probes: StoreProbes;
  readonly #intake: MessageIntake;
  readonly #line = new SendLine({ bytes: FRAME_BYTES, batches: FRAME_BATCHES });
  readonly #held: HeldProducers;
  readonly #link: PublishLink;
  #isClosing = false;
  #isFlushScheduled = false;
  #tickTimer: unknown;
  /** When the router last acknowledged something. */
  #lastStoredMs = 0;
  /** What went wrong last, for those whose time runs out. */
  #lastError: ChappeError | undefined;
  #onAllSettled: (() => void) | undefined;

  constructor(options: PublisherOptions, parts: PublishLinkParts) {
    this.#options = options;
    this.#parts = parts;
    this.#budget = new PendingBudget(options.maxPendingBytes);
    this.#acknowledged = new AcknowledgedBatches(options.healing, options.sendTimeoutMs, (batch) => {
      this.#probes.answer(batch);
    });
    this.#probes = new StoreProbes(this.#acknowledged, options.sendTimeoutMs);
    const { maxMessageBytes, sendTimeoutMs } = options;
    this.#intake = new MessageIntake({
      budget: this.#budget,
      deadlines: this.#deadlines,
      maxMessageBytes,
      sendTimeoutMs,
    });
    this.#held = new HeldProducers({
      line: this.#line,
      clock: parts.clock,
      limits: HOLD_LIMITS,
      random: parts.random,
      onReleased: () => this.#wake(),
    });
    this.#link = new PublishLink(parts, {
      onAnswer: (sent, result) => this.#answer(sent, result),
      onStoreInterrupted: () => this.#probe(),
      onUp: () => this.#probe(),
      onRoom: () => this.#wake(),
      onLost: (unanswered, error) => this.#lost(unanswered, error),
      hasWork: () => !this.#budget.isEmpty || !this.#line.isEmpty,
    });
  }

  /**
   * Sends one message.
   *
   * @throws ChappeError INVALID_ARGUMENT for a bad message; CANCELLED when closed
   */
  send(producer: Producer, message: MessageInput): Promise<SendReceipt> {
    if (this.#isClosing) throw closedError();
    if (this.#budget.isFull) return this.#sendWhenRoom(producer, message);
    const batch = this.#add(producer, message);
    return new Promise((resolve) => batch.addSend(resolve));
  }

  /**
   * Sends one message of many, which is settled with its batch. Waits for room as `send` does.
   *
   * @throws ChappeError INVALID_ARGUMENT for a bad message; CANCELLED when closed
   */
  sendOneOfMany(producer: Producer, message: MessageInput): BatchPlace | Promise<BatchPlace> {
    if (this.#isClosing) throw closedError();
    if (this.#budget.isFull) return this.#whenRoom(() => this.#addOneOfMany(producer, message));
    return this.#addOneOfMany(producer, message);
  }

  /**
   * Sends what is pending, takes nothing new, and disconnects. At the deadline, sends without an answer are rejected with
   * CANCELLED.
   */
  async close(deadlineMs: number): Promise<void> {
    this.#isClosing = true;
    const { clock } = this.#parts;
    let timer: unknown;
    await new Promise<void>((resolve) => {
      this.#onAllSettled = resolve;
      timer = clock.setTimeout(resolve, deadlineMs);
      this.#settledSome();
    });
    clock.clearTimeout(timer);
    const isClean = this.#budget.isEmpty;
    for (const { producer, batch } of this.#deadlines.drain()) {
      this.#giveUp(producer, batch, closedUnansweredError(batch.attempt));
    }
    this.#budget.expireAll();
    this.#held.close();
    clock.clearTimeout(this.#tickTimer);
    const closed = this.#link.close();
    timer = clock.setTimeout(() => this.#link.abort(closedError()), isClean ? GOODBYE_MS : 0);
    await closed;
    clock.clearTimeout(timer);
  }

  #add(producer: Producer, message: MessageInput): PendingBatch {
    const batch = this.#intake.add(producer, message, this.#parts.clock.now());
    this.#line.join(producer);
    if (this.#tickTimer === undefined) this.#startTicking();
    if (!this.#isFlushScheduled) this.#wake();
    return batch;
  }

  #addOneOfMany(producer: Producer, message: MessageInput): BatchPlace {
    const batch = this.#add(producer, message);
    batch.addSend(undefined);
    return { settled: batch.settled, index: batch.count - 1 };
  }

  #sendWhenRoom(producer: Producer, message: MessageInput): Promise<SendReceipt> {
    return this.#whenRoom(() => {
      const batch = this.#add(producer, message);
      return new Promise((resolve) => batch.addSend(resolve));
    });
  }

  /** Resolves with what `add` returns once there is room, or rejects. */
  #whenRoom<Result>(add: () => Result | Promise<Result>): Promise<Result> {
    const { whenFull, maxPendingBytes, sendTimeoutMs } = this.#options;
    if (whenFull === "reject") return Promise.reject(fullError(maxPendingBytes));
    return new Promise((resolve, reject) => {
      this.#budget.wait({
        deadlineMs: this.#parts.clock.now() + sendTimeoutMs,
        admit: () => {
          try {
            resolve(add());
          } catch (error) {
            reject(ChappeError.from(error));
          }
        },
        giveUp: () =>
          reject(this.#isClosing ? closedUnansweredError(0) : sendTimeoutError(sendTimeoutMs, 0, this.#lastError)),
      });
    });
  }

  /** Something may be there to send, or room to send it. */
  #wake(): void {
    if (this.#isFlushScheduled) return;
    if (this.#link.stream === undefined) this.#link.connect();
    else if (this.#maySend()) {
      this.#isFlushScheduled = true;
      queueMicrotask(this.#flush);
    }
  }

  #maySend(): boolean {
    const inFlight = this.#link.stream?.inFlight;
    if (inFlight === undefined || this.#line.isEmpty) return false;
    if (inFlight.count < EAGER_FRAMES) return true;
    return inFlight.count < MAX_FRAMES && this.#intake.unsentBytes >= FRAME_BYTES;
  }

  readonly #flush = (): void => {
    this.#isFlushScheduled = false;
    while (this.#maySend()) {
      const load = this.#line.takeFrame();
      if (load === undefined) return;
      for (const { batch } of load.sent) if (batch.attempt === 1) this.#intake.leave(batch);
      this.#link.stream?.send(load, this.#parts.clock.now());
    }
  };

  #answer(sent: SentBatch, { receipt, error }: PublishResultFrame): void {
    const { producer, batch, attempt } = sent;
    if (receipt !== undefined) this.#store(sent, receipt);
    // What an earlier attempt met says nothing about the one that is on its way.
    else if (error !== undefined && batch.state === "sent" && batch.attempt === attempt) {
      this.#fail(producer, batch, chappeErrorOf(error));
    }
    this.#settledSome();
  }

  #store(sent: SentBatch, receipt: FrameReceipt): void {
    const { producer, batch } = sent;
    if (batch.state === "failed") return;
    const nowMs = this.#parts.clock.now();
    batch.state = "stored";
    batch.storedMs = nowMs;
    // Whoever had that message before knows it by its id, and who sent it may be gone.
    if (receipt.originalId !== undefined) batch.takeId(receipt.originalId);
    this.#held.succeed(producer);
    const { address } = producer.identity;
    if (producer.noteEpoch(receipt.epoch)) {
      this.#parts.onStatus({ kind: "epochChanged", address, epoch: receipt.epoch });
      this.#probes.beginEarlier(producer, nowMs);
      if (producer.hasDue) this.#line.join(producer);
    }
    if (batch.isSettled) {
      if (this.#probes.beginAgain(sent, nowMs)) {
        this.#line.join(producer);
        this.#wake();
        return;
      }
      const wasLost = this.#probes.answer(batch) && !receipt.duplicate;
      if (wasLost) this.#parts.onStatus({ kind: "healed", address, batches: 1 });
      return;
    }
    this.#probes.noteStored(sent);
    batch.mayBeStored = true;
    this.#lastStoredMs = nowMs;
    this.#budget.release(batch.heldBytes);
    batch.resolve(receipt);
    this.#acknowledged.add(producer, batch);
    this.#askOwed(producer, nowMs);
  }

  #fail(producer: Producer, batch: PendingBatch, error: ChappeError): void {
    this.#lastError = error;
    if (error.expectedSequence !== undefined) {
      const isDoubtful = batch.attempt <= batch.doubtfulAttempt;
      const batches = producer.goOnFrom(batch, error.expectedSequence);
      const { address } = producer.identity;
      if (batches > 0) this.#parts.onStatus({ kind: "healed", address, batches });
      // A gap from before a loss says nothing of what that took.
      if (batches > 0 || isDoubtful) this.#probes.beginEarlier(producer, this.#parts.clock.now());
      // A gap is mended at once. If that has not helped, haste will not either.
      if (this.#held.isTroubled(producer)) this.#held.hold(producer);
      else this.#held.note(producer);
    } else if (error.retryable) {
      if (this.#held.noteTold(producer)) {
        this.#parts.onStatus({ kind: "retrying", address: producer.identity.address, error });
      }
      if (error.code === "UNAVAILABLE") producer.retryUnsure(batch);
      else producer.retry(batch);
      this.#held.hold(producer);
    } else {
      this.#giveUp(producer, batch, error);
    }
    if (producer.hasDue) this.#line.join(producer);
  }

  /** What was acknowledged last may be gone: asks, also where nothing more is sent. */
  #probe(): void {
    const nowMs = this.#parts.clock.now();
    this.#letGo(nowMs);
    for (const producer of this.#probes.begin(nowMs, this.#deadlines.unsettled)) this.#line.join(producer);
    this.#wake();
  }

  /** A batch of its was settled: if no answer is to come that shows what the store has, it asks. */
  #askOwed(producer: Producer, nowMs: number): void {
    if (this.#isClosing || !this.#probes.beginOwed(producer, nowMs)) return;
    this.#line.join(producer);
    this.#wake();
  }

  /** The stream broke. Unless the next one would break too, all is sent again, in order. */
  #lost(unanswered: readonly SentBatch[], error: ChappeError): void {
    this.#lastError = error;
    for (const { producer, batch, attempt } of unanswered) {
      if (batch.state !== "sent" || batch.attempt !== attempt) continue;
      if (error.retryable) producer.retryAll();
      // What was acknowledged goes out no more by itself, and stays as it is: the next stream is asked anew.
      else if (batch.isSettled) batch.state = "stored";
      else this.#giveUp(producer, batch, error);
      if (producer.hasDue) this.#line.join(producer);
    }
    this.#settledSome();
  }

  #giveUp(producer: Producer, batch: PendingBatch, error: ChappeError): void {
    if (batch.attempt === 0) this.#intake.leave(batch);
    producer.abandon(batch);
    this.#probes.answer(batch);
    if (batch.isSettled) return;
    this.#budget.release(batch.heldBytes);
    batch.reject(error);
    this.#askOwed(producer, this.#parts.clock.now());
  }

  #settledSome(): void {
    this.#budget.admit();
    if (this.#isClosing && this.#budget.isEmpty) this.#onAllSettled?.();
  }

  #startTicking(): void {
    const { clock } = this.#parts;
    const everyMs = Math.min(MAX_TICK_MS, Math.max(MIN_TICK_MS, this.#options.sendTimeoutMs * TICK_SHARE));
    this.#tickTimer = clock.setTimeout(() => {
      this.#tickTimer = undefined;
      this.#tick(clock.now());
      const isQuiet = this.#deadlines.isEmpty && this.#acknowledged.isEmpty && this.#budget.isEmpty;
      // Who came in while it ticked has started it anew.
      if (!isQuiet && this.#tickTimer === undefined) this.#startTicking();
    }, everyMs);
  }

  /** One timer for all: a timer for each send would cost more than the send. */
  #tick(nowMs: number): void {
    const { sendTimeoutMs } = this.#options;
    this.#link.abortSilent(nowMs, sendTimeoutMs * SILENCE_SHARE);
    for (;;) {
      const expired = this.#deadlines.takeExpired(nowMs);
      if (expired === undefined) break;
      const { producer, batch } = expired;
      this.#giveUp(producer, batch, sendTimeoutError(sendTimeoutMs, batch.attempt, this.#lastError));
    }
    this.#budget.expire(nowMs);
    this.#letGo(nowMs);
    this.#settledSome();
  }

  /** Lets go of what was acknowledged too long ago. */
  #letGo(nowMs: number): void {
    // While nothing is acknowledged, the store may be down, and come back without what it acknowledged last.
    const sinceMs = this.#deadlines.isEmpty ? nowMs : this.#lastStoredMs;
    this.#acknowledged.expire(Math.min(sinceMs, this.#probes.expiryMs(nowMs)));
  }
}
