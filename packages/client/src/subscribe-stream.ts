import {
  ChappeError,
  chappeErrorOf,
  decodeSubscribeResponse,
  encodeSubscribeRequest,
  type FrameCredit,
  type FrameDelivery,
  type FrameOpen,
  type FrameOpened,
  type FrameOutcome,
  type FrameSettled,
  type ReceivedSubscribeResponse,
} from "@chappe/message";
import type { Clock } from "./clock.ts";
import { type DeliveryOwner, HeldDelivery } from "./held-delivery.ts";
import type { RouterLease } from "./router-pool.ts";
import { StreamLiveness } from "./stream-liveness.ts";
import type { Call } from "./transport.ts";
import { type OutcomeWaiter, UnansweredOutcomes } from "./unanswered-outcomes.ts";

/** What a {@link SubscribeStream} tells and asks its owner. */
export interface SubscribeStreamListener {
  /** The router has let the consumer in. */
  onOpened(stream: SubscribeStream, opened: FrameOpened): void;
  onDelivery(stream: SubscribeStream, delivery: HeldDelivery): void;
  /** A delivery could not be read, and was rejected. */
  onUnreadable(stream: SubscribeStream, messages: number, bytes: number): void;
  /** The router is about to stop. */
  onDraining(stream: SubscribeStream): void;
  /** Messages without an outcome were given to others. */
  onRevoked(messages: number): void;
  /** Outcomes did not count. */
  onRefused(messages: number, error: ChappeError): void;
  onEpoch(epoch: string): void;
  /** Messages of this stream need no credit any more: settled, or lost. */
  onReturned(messages: number, bytes: number): void;
  /** What to grant with the next frame, if anything. */
  takeGrant(stream: SubscribeStream): FrameCredit | undefined;
  /** Comes once, and last; without an error when the stream was asked to finish. */
  onEnd(stream: SubscribeStream, error: ChappeError | undefined): void;
}

/**
 * - `opening`: the router has not let the consumer in. → `open`
 * - `open`: messages come. → `leaving`, `finishing`
 * - `leaving`: takes nothing more, and finishes by itself when all it holds is settled. → `finishing`
 * - `finishing`: half-closed; what was not settled is given back. → `ended`
 * - `ended`: from any state, when the call is over.
 */
type StreamState = "opening" | "open" | "leaving" | "finishing" | "ended";

/** How long a router may take to let a consumer in: longer than it takes itself to find its store unreachable. */
const OPEN_TIMEOUT_MS = 15_000;

/**
 * A frame with this many outcomes is full. One delivery more, of up to 1,024, still fits the router's limit of 4,096, and
 * its 4 MiB when each has a reason.
 */
const FULL_FRAME_OUTCOMES = 1_024;

/**
 * Acks that nobody waits for may wait this long for others, or for credit that is worth a frame. A frame for each message
 * would take both programs and the router longer than all else about it.
 */
const ACK_LINGER_MS = 5;

/** One Subscribe call: what it holds, and what it has to tell the router. */
export class SubscribeStream implements DeliveryOwner {
  readonly router: string;
  readonly #lease: RouterLease;
  readonly #clock: Clock;
  readonly #listener: SubscribeStreamListener;
  readonly #call: Call;
  readonly #held = new Map<number, HeldDelivery>();
  readonly #unanswered = new UnansweredOutcomes();
  #touched: HeldDelivery[] = [];
  #lastNumber = 0;
  #state: StreamState = "opening";
  #isFlushScheduled = false;
  #isHurried = false;
  #isBlocked = false;
  #openTimer: unknown;
  #lingerTimer: unknown;
  #liveness: StreamLiveness | undefined;

  constructor(lease: RouterLease, open: FrameOpen, clock: Clock, listener: SubscribeStreamListener) {
    this.router = lease.channel.router;
    this.#lease = lease;
    this.#clock = clock;
    this.#listener = listener;
    this.#call = lease.channel.open("Subscribe", {
      onFrame: (bytes) => this.#receive(bytes),
      onEnd: (error) => this.#end(error),
      onDrain: () => {
        this.#isBlocked = false;
        this.wake();
      },
    });
    this.#openTimer = clock.setTimeout(
      () => this.abort(new ChappeError("UNAVAILABLE", `${this.router}: not let in within ${OPEN_TIMEOUT_MS} ms`)),
      OPEN_TIMEOUT_MS,
    );
    const credit = listener.takeGrant(this);
    this.#call.write(encodeSubscribeRequest({ open: { ...open, beginsSuspects: true }, credit }));
  }

  /** Says that this program begins on a suspect. Resolves when the router knows: its crash counts from then on. */
  begin({ number }: HeldDelivery): Promise<void> {
    const told = Promise.withResolvers<void>();
    const frame = ++this.#lastNumber;
    this.#unanswered.add(frame, [{ delivery: number, told }]);
    this.#isBlocked = !this.#call.write(encodeSubscribeRequest({ number: frame, begun: [number] }));
    return told.promise;
  }

  /** A delivery has outcomes to tell. */
  touch(delivery: HeldDelivery): void {
    this.#touched.push(delivery);
    this.wake();
  }

  hurry(): void {
    this.#isHurried = true;
    this.wake();
  }

  returned(messages: number, bytes: number): void {
    this.#listener.onReturned(messages, bytes);
  }

  /** There may be something to tell: one frame at the end of the turn takes it all. */
  wake(): void {
    if (this.#isFlushScheduled || this.#state === "ended") return;
    this.#isFlushScheduled = true;
    process.nextTick(() => {
      this.#isFlushScheduled = false;
      this.#flush();
    });
  }

  /** Takes nothing more. Finishes by itself when all that is held is settled. */
  leave(): void {
    if (this.#state !== "opening" && this.#state !== "open") return;
    this.#state = "leaving";
    this.#call.write(encodeSubscribeRequest({ draining: true }));
    this.#flush();
  }

  /** Tells what there is to tell, and half-closes: the router gives back the rest, uncounted. */
  finish(): void {
    if (this.#state === "finishing" || this.#state === "ended") return;
    this.#tell();
    this.#state = "finishing";
    this.#call.end();
  }

  /** Ends it at once; `onEnd` is told with `error`. The router counts what is held as crashed. */
  abort(error: ChappeError): void {
    if (this.#state === "ended") return;
    this.#call.cancel();
    this.#end(error);
  }

  /** Tells those who still handle its messages to stop. */
  abortHandlers(reason: ChappeError): void {
    for (const delivery of this.#held.values()) delivery.abort(reason);
  }

  #receive(bytes: Buffer): void {
    let frame: ReceivedSubscribeResponse;
    try {
      frame = decodeSubscribeResponse(bytes);
    } catch (error) {
      this.abort(ChappeError.from(error));
      return;
    }
    this.#liveness?.heard();
    if (frame.opened !== undefined) this.#opened(frame.opened);
    for (const delivery of frame.deliveries) this.#deliver(delivery);
    for (const settled of frame.settled) this.#answered(settled);
    if (frame.revoked.length > 0) this.#revoke(frame.revoked);
    if (frame.epoch !== undefined) this.#listener.onEpoch(frame.epoch);
    if (frame.draining && this.#state === "open") {
      // Also when only this connection has grown too old: the next stream needs a new one.
      this.#lease.discard();
      this.#listener.onDraining(this);
    }
  }

  #opened(opened: FrameOpened): void {
    this.#clock.clearTimeout(this.#openTimer);
    if (this.#state === "opening") this.#state = "open";
    this.#liveness ??= new StreamLiveness(
      opened,
      this.#clock,
      () => this.#call.write(encodeSubscribeRequest({})),
      (silentMs) => this.abort(new ChappeError("UNAVAILABLE", `${this.router}: no sign of life for ${silentMs} ms`)),
    );
    this.#listener.onOpened(this, opened);
  }

  #deliver(frame: FrameDelivery): void {
    // Sent before the router saw the half-close; it takes them back.
    if (this.#state === "finishing") return;
    let delivery: HeldDelivery;
    try {
      delivery = new HeldDelivery(frame, this);
    } catch (error) {
      this.#rejectUnreadable(frame, ChappeError.from(error));
      return;
    }
    this.#held.set(delivery.number, delivery);
    this.#listener.onDelivery(this, delivery);
  }

  /** No consumer can read it, and no retry would help: to the dead letters, where an operator sees why. */
  #rejectUnreadable({ number, count, records }: FrameDelivery, error: ChappeError): void {
    const reason = `unreadable: ${error.message}`;
    const outcomes: FrameOutcome[] = [{ delivery: number, first: 0, count, kind: "reject", reason }];
    this.#call.write(encodeSubscribeRequest({ outcomes }));
    this.#listener.onUnreadable(this, count, records.length);
  }

  #answered(settled: FrameSettled): void {
    this.#unanswered.answer(settled);
    for (const { count, error } of settled.refused) this.#listener.onRefused(count, chappeErrorOf(error));
  }

  #revoke(numbers: readonly number[]): void {
    const error = new ChappeError("FAILED_PRECONDITION", "the lease was over; the message is another consumer's");
    let messages = 0;
    for (const number of numbers) {
      const delivery = this.#held.get(number);
      if (delivery === undefined) continue;
      messages += delivery.open;
      this.#lose(delivery, error);
    }
    if (messages > 0) this.#listener.onRevoked(messages);
  }

  #lose(delivery: HeldDelivery, error: ChappeError): void {
    this.#held.delete(delivery.number);
    this.#listener.onReturned(delivery.open, delivery.openBytes);
    delivery.lose(error);
  }

  #flush(): void {
    if (this.#isBlocked || this.#state === "ended" || this.#state === "finishing") return;
    const credit = this.#state === "open" ? this.#listener.takeGrant(this) : undefined;
    if (this.#state === "open" && credit === undefined && !this.#isHurried) {
      if (this.#touched.length > 0) this.#lingerTimer ??= this.#clock.setTimeout(() => this.hurry(), ACK_LINGER_MS);
      return;
    }
    this.#tell(credit);
    this.#finishIfSettled();
  }

  /** Sends outcomes, and credit if there is any. */
  #tell(credit?: FrameCredit): void {
    this.#isHurried = false;
    this.#clock.clearTimeout(this.#lingerTimer);
    this.#lingerTimer = undefined;
    let outcomes: FrameOutcome[] = [];
    let waiters: OutcomeWaiter[] = [];
    for (const delivery of this.#touched) {
      // Its outcomes would be refused.
      if (delivery.isLost) continue;
      const told = delivery.takeOutcomes(outcomes);
      if (told !== undefined) waiters.push({ delivery: delivery.number, told });
      if (delivery.open === 0) this.#held.delete(delivery.number);
      if (outcomes.length < FULL_FRAME_OUTCOMES) continue;
      this.#send(outcomes, waiters, undefined);
      outcomes = [];
      waiters = [];
    }
    this.#touched = [];
    if (outcomes.length > 0 || credit !== undefined) this.#send(outcomes, waiters, credit);
  }

  #send(outcomes: readonly FrameOutcome[], waiters: readonly OutcomeWaiter[], credit: FrameCredit | undefined): void {
    // Without a number the router answers only what it refuses.
    const number = waiters.length === 0 ? 0 : ++this.#lastNumber;
    this.#unanswered.add(number, waiters);
    this.#isBlocked = !this.#call.write(encodeSubscribeRequest({ credit, number, outcomes }));
  }

  #finishIfSettled(): void {
    if (this.#state === "leaving" && this.#held.size === 0) this.finish();
  }

  #end(error: ChappeError | undefined): void {
    if (this.#state === "ended") return;
    const wasAsked = this.#state === "finishing" && error === undefined;
    this.#state = "ended";
    this.#clock.clearTimeout(this.#openTimer);
    this.#clock.clearTimeout(this.#lingerTimer);
    this.#liveness?.stop();
    if (error !== undefined) this.#lease.discard();
    this.#lease.release();
    const why = error ?? new ChappeError("UNAVAILABLE", `${this.router}: the router ended the stream`);
    for (const delivery of this.#held.values()) this.#lose(delivery, why);
    this.#unanswered.failAll(why);
    this.#listener.onEnd(this, wasAsked ? undefined : why);
  }
}
