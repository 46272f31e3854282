import { ChappeError, type FrameCredit, type FrameOpen, type FrameOpened } from "@chappe/message";
import { Backoff, type BackoffLimits } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import type { CreditPace } from "./credit-pace.ts";
import { CreditWindow } from "./credit-window.ts";
import type { HeldDelivery } from "./held-delivery.ts";
import { MessageBuffer } from "./message-buffer.ts";
import type { ReceivedMessage } from "./received-message.ts";
import type { RouterPool } from "./router-pool.ts";
import type { StatusListener, StreamPurpose } from "./status.ts";
import { SubscribeStream } from "./subscribe-stream.ts";
import type { SuspectTurns } from "./suspect-turns.ts";

/** What a {@link Consumer} is made of. */
export interface ConsumerParts {
  readonly pool: RouterPool;
  readonly clock: Clock;
  readonly reconnect: BackoffLimits;
  /** 0 ≤ random() < 1, for jitter. */
  readonly random: () => number;
  readonly onStatus: StatusListener;
  readonly suspects: SuspectTurns;
}

/** What a {@link Consumer} reads, and how much it takes. */
export interface ConsumerOptions {
  readonly open: FrameOpen;
  /** Most messages and bytes to hold. */
  readonly credit: FrameCredit;
  /** Adapts the number of messages to how fast they are handled. Without it, it is always the most. */
  readonly pace: CreditPace | undefined;
}

/** What a {@link Consumer} tells its owner. */
export interface ConsumerListener {
  /** There are messages to take. */
  onMessages(): void;
  /** Comes once, and last; with an error when no router will let the consumer in. */
  onEnd(error: ChappeError | undefined): void;
}

/**
 * - `connecting`: `stream` is being opened. → `open`; → `pausing` when that fails
 * - `open`: messages come through `stream`. → `connecting` on another router when this one wants to go; → `pausing` when
 *   the stream breaks
 * - `pausing`: waits before it tries the next router. → `connecting`
 * - `closing`: takes nothing more; streams finish. → `ended`
 * - `ended`: for good.
 *
 * From each of the first three → `closing`, when asked to, or when a router refuses for good. Streams of routers that want
 * to go live on beside the state, until what they delivered is settled.
 */
type ConsumerState =
  | { readonly kind: "connecting" | "open"; readonly stream: SubscribeStream }
  | { readonly kind: "pausing"; readonly timer: unknown }
  | { readonly kind: "closing"; readonly error: ChappeError | undefined }
  | { readonly kind: "ended" };

/** How long a router may take to end a stream on which nothing is left to say. */
const GOODBYE_MS = 1_000;

/** Reads one subscription, on whichever router answers, for as long as it is wanted. */
export class Consumer {
  /** Resolves when a router has let it in for the first time. Rejects when none will, or when it is closed before. */
  readonly opened: Promise<void>;
  readonly #parts: ConsumerParts;
  readonly #options: ConsumerOptions;
  readonly #listener: ConsumerListener;
  readonly #purpose: StreamPurpose;
  readonly #buffer = new MessageBuffer();
  readonly #credit: CreditWindow;
  readonly #backoff: Backoff;
  readonly #streams = new Set<SubscribeStream>();
  readonly #opening = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<void>();
  #state: ConsumerState;
  #epoch: string | undefined;

  constructor(options: ConsumerOptions, parts: ConsumerParts, listener: ConsumerListener) {
    const { address, subscription } = options.open;
    this.#parts = parts;
    this.#options = options;
    this.#listener = listener;
    this.#purpose = { kind: "subscribe", address, subscription };
    this.#credit = new CreditWindow(options.credit);
    this.#backoff = new Backoff(parts.reconnect, parts.random);
    this.opened = this.#opening.promise;
    // Who iterates learns of it otherwise, and need not look here.
    this.opened.catch(() => {});
    this.#state = { kind: "connecting", stream: this.#open() };
  }

  /**
   * The next message, if one is here. Its outcome is the taker's business from then on.
   *
   * @param isAlone whether one taker handles one message after the other. @default false
   */
  take(isAlone = false): ReceivedMessage | undefined {
    // A message with an ordering key may come to its turn when all that waited was forgotten.
    return this.#isClosing ? undefined : this.#buffer.take(isAlone);
  }

  /** Takes nothing more from routers, and hands nothing more out. What was handed out can still be settled. */
  drain(): void {
    this.#beginClosing(undefined);
  }

  /** Tells those who still handle messages to stop. */
  abortHandlers(reason: ChappeError): void {
    for (const stream of this.#streams) stream.abortHandlers(reason);
  }

  /** After `drain`: tells the outcomes there are, gives back the rest, and resolves when nothing is left of it. */
  async finish(): Promise<void> {
    for (const stream of [...this.#streams]) stream.finish();
    const { clock } = this.#parts;
    const timer = clock.setTimeout(() => {
      const error = new ChappeError("CANCELLED", "the client is closed");
      for (const stream of [...this.#streams]) stream.abort(error);
    }, GOODBYE_MS);
    await this.#ended.promise;
    clock.clearTimeout(timer);
  }

  #open(avoid?: string): SubscribeStream {
    const { pool, clock, onStatus } = this.#parts;
    const { address } = this.#options.open;
    const lease = pool.lease(avoid);
    this.#credit.beginStream();
    const stream = new SubscribeStream(lease, this.#options.open, clock, {
      onOpened: (opened, terms) => this.#opened(opened, terms),
      onDelivery: (from, delivery) => {
        this.#credit.deliver(delivery.count, delivery.bytes, from === this.#current);
        if (this.#isClosing) return;
        if (delivery.isSuspect) this.#parts.suspects.wait(delivery, () => void this.#begin(from, delivery));
        else this.#put(delivery);
      },
      onUnreadable: (from, messages, bytes) => {
        this.#credit.deliver(messages, bytes, from === this.#current);
        this.#returned(messages, bytes);
      },
      onDraining: (draining) => this.#move(draining),
      onRevoked: (messages) => onStatus({ kind: "revoked", address, messages }),
      onRefused: (messages, error) => onStatus({ kind: "refused", address, messages, error }),
      onEpoch: (epoch) => this.#noteEpoch(epoch),
      onReturned: (messages, bytes) => this.#returned(messages, bytes),
      takeGrant: () => this.#credit.takeGrant(),
      onEnd: (ended, error) => this.#streamEnded(ended, error),
    });
    this.#streams.add(stream);
    return stream;
  }

  /** Whether nothing is handed out any more. */
  get #isClosing(): boolean {
    return this.#state.kind === "closing" || this.#state.kind === "ended";
  }

  /** Nobody takes it up before the router knows. */
  async #begin(stream: SubscribeStream, delivery: HeldDelivery): Promise<void> {
    // Where no answer comes, it is lost with its stream.
    if (!this.#isClosing) await stream.begin(delivery).catch(() => {});
    if (this.#isClosing) this.#parts.suspects.leave(delivery);
    else if (!delivery.isLost) this.#put(delivery);
  }

  #put(delivery: HeldDelivery): void {
    this.#buffer.push(delivery);
    this.#listener.onMessages();
  }

  get #current(): SubscribeStream | undefined {
    return this.#state.kind === "connecting" || this.#state.kind === "open" ? this.#state.stream : undefined;
  }

  #opened(stream: SubscribeStream, { epoch, resumed = false }: FrameOpened): void {
    this.#backoff.reset();
    if (this.#current === stream) this.#state = { kind: "open", stream };
    this.#parts.onStatus({ kind: "connected", router: stream.router, stream: this.#purpose, resumed });
    this.#noteEpoch(epoch);
    this.#opening.resolve();
  }

  #noteEpoch(epoch: string): void {
    const isOther = this.#epoch !== undefined && this.#epoch !== epoch;
    this.#epoch = epoch;
    const { address } = this.#options.open;
    if (isOther) this.#parts.onStatus({ kind: "epochChanged", address, epoch });
  }

  #returned(messages: number, bytes: number): void {
    this.#credit.release(messages, bytes);
    const { pace } = this.#options;
    if (pace !== undefined) {
      pace.settle(messages);
      this.#credit.limitMessages(pace.target);
    }
    this.#current?.wake();
  }

  /** First the new stream, then the farewell: no moment without one. */
  #move(from: SubscribeStream): void {
    if (this.#current !== from) return;
    this.#parts.onStatus({ kind: "draining", router: from.router, stream: this.#purpose });
    this.#state = { kind: "connecting", stream: this.#open(from.router) };
    from.leave();
  }

  #streamEnded(stream: SubscribeStream, error: ChappeError | undefined): void {
    const wasCurrent = this.#current === stream;
    this.#streams.delete(stream);
    if (wasCurrent && error !== undefined) {
      if (error.retryable) this.#reconnect(stream.router, error);
      else this.#beginClosing(error);
    }
    this.#endIfDone();
  }

  #reconnect(router: string, error: ChappeError): void {
    const retryInMs = this.#backoff.next();
    this.#parts.onStatus({ kind: "disconnected", router, stream: this.#purpose, error, retryInMs });
    const timer = this.#parts.clock.setTimeout(() => {
      this.#state = { kind: "connecting", stream: this.#open(router) };
    }, retryInMs);
    this.#state = { kind: "pausing", timer };
  }

  #beginClosing(error: ChappeError | undefined): void {
    if (this.#isClosing) return;
    if (this.#state.kind === "pausing") this.#parts.clock.clearTimeout(this.#state.timer);
    this.#state = { kind: "closing", error };
    this.#buffer.clear();
    if (error !== undefined) this.#parts.onStatus({ kind: "failed", stream: this.#purpose, error });
    this.#opening.reject(error ?? new ChappeError("CANCELLED", "closed before a router was reached"));
    for (const stream of [...this.#streams]) {
      if (error === undefined) stream.leave();
      else stream.finish();
    }
    this.#endIfDone();
  }

  #endIfDone(): void {
    if (this.#state.kind !== "closing" || this.#streams.size > 0) return;
    const { error } = this.#state;
    this.#state = { kind: "ended" };
    this.#ended.resolve();
    this.#listener.onEnd(error);
  }
}
