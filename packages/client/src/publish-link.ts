import type { ChappeError } from "@chappe/message";
import { Backoff, type BackoffLimits } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import type { SentBatch } from "./in-flight-frames.ts";
import { PublishStream, type PublishStreamListener } from "./publish-stream.ts";
import type { RouterPool } from "./router-pool.ts";
import { silentRouterError } from "./send-errors.ts";
import type { StatusListener } from "./status.ts";

/**
 * How a client that sends is connected.
 *
 * - `idle`: nothing was sent yet, or the last stream has ended and nothing waits. → `up`
 * - `up`: batches go out on `stream`. → `moving` when its router wants to go; → `pausing` or `idle` when it breaks
 * - `moving`: `to` is being connected, while `from` has answers to come. Nothing is sent until those are there, or a
 *   batch could overtake the one before it. → `up` on whichever is left; → as from `up` when both break
 * - `pausing`: waits before it tries the next router. → `up`
 * - `closed`: for good.
 */
type LinkState =
  | { readonly kind: "idle" }
  | { readonly kind: "up"; readonly stream: PublishStream }
  | { readonly kind: "moving"; readonly from: PublishStream; readonly to: PublishStream }
  | { readonly kind: "pausing"; readonly timer: unknown }
  | { readonly kind: "closed" };

/** What a {@link PublishLink} tells its owner, besides the answers. */
export interface PublishLinkListener extends Pick<PublishStreamListener, "onAnswer" | "onStoreInterrupted"> {
  /** What goes out from now on goes to a router that is new: what became of the store meanwhile, nobody told. */
  onUp(): void;
  /** Batches may go out now: a stream is new, or has got answers. */
  onRoom(): void;
  /** A stream broke before these were answered. */
  onLost(unanswered: readonly SentBatch[], error: ChappeError): void;
  /** Whether anything waits to be sent. */
  hasWork(): boolean;
}

/** What a {@link PublishLink} is made of. */
export interface PublishLinkParts {
  readonly pool: RouterPool;
  readonly clock: Clock;
  readonly reconnect: BackoffLimits;
  /** 0 ≤ random() < 1, for jitter. */
  readonly random: () => number;
  readonly onStatus: StatusListener;
}

/** Keeps one publish stream up while there is something to send, on whichever router answers. */
export class PublishLink {
  readonly #parts: PublishLinkParts;
  readonly #listener: PublishLinkListener;
  readonly #backoff: Backoff;
  /** Streams that have not ended, the current ones included. */
  readonly #streams = new Set<PublishStream>();
  #state: LinkState = { kind: "idle" };
  #onNoStream: (() => void) | undefined;

  constructor(parts: PublishLinkParts, listener: PublishLinkListener) {
    this.#parts = parts;
    this.#listener = listener;
    this.#backoff = new Backoff(parts.reconnect, parts.random);
  }

  /** Where to send now; undefined while there is no stream to send on. Then {@link PublishLinkListener.onRoom} follows. */
  get stream(): PublishStream | undefined {
    return this.#state.kind === "up" ? this.#state.stream : undefined;
  }

  /** Sees to it that there will be a stream. */
  connect(): void {
    if (this.#state.kind === "idle") this.#up();
  }

  /** Gives up streams on which a frame has waited for its answer for longer than `maxMs`. */
  abortSilent(nowMs: number, maxMs: number): void {
    for (const stream of this.#streams) {
      const silentMs = nowMs - (stream.inFlight.oldestMs ?? nowMs);
      if (silentMs > maxMs) stream.abort(silentRouterError(stream.router, silentMs));
    }
  }

  /** Ends every stream at once. */
  abort(error: ChappeError): void {
    for (const stream of this.#streams) stream.abort(error);
  }

  /** Half-closes. Resolves when every stream has ended. Nothing may be in flight. */
  async close(): Promise<void> {
    this.#leaveState();
    this.#state = { kind: "closed" };
    for (const stream of this.#streams) stream.finish();
    if (this.#streams.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#onNoStream = resolve;
    });
  }

  #up(avoid?: string): void {
    this.#state = { kind: "up", stream: this.#open(avoid) };
    this.#listener.onUp();
    this.#listener.onRoom();
  }

  #open(avoid?: string): PublishStream {
    const stream = new PublishStream(this.#parts.pool.lease(avoid), {
      onOpen: ({ router }) => {
        this.#backoff.reset();
        this.#parts.onStatus({ kind: "connected", router, stream: { kind: "publish" } });
      },
      onAnswer: (sent, result) => this.#listener.onAnswer(sent, result),
      onStoreInterrupted: () => this.#listener.onStoreInterrupted(),
      onAnswered: (answered) => this.#answered(answered),
      onLeaving: (leaving) => this.#move(leaving),
      onEnd: (ended, unanswered, error) => this.#ended(ended, unanswered, error),
    });
    this.#streams.add(stream);
    return stream;
  }

  #answered(stream: PublishStream): void {
    if (this.#state.kind === "moving" && this.#state.from === stream && stream.inFlight.count === 0) {
      this.#state = { kind: "up", stream: this.#state.to };
      stream.finish();
      this.#listener.onUp();
    }
    this.#listener.onRoom();
  }

  #move(from: PublishStream): void {
    if (this.#state.kind !== "up" || this.#state.stream !== from) return;
    this.#parts.onStatus({ kind: "draining", router: from.router, stream: { kind: "publish" } });
    if (from.inFlight.count > 0) {
      this.#state = { kind: "moving", from, to: this.#open(from.router) };
      return;
    }
    this.#state = { kind: "idle" };
    from.finish();
    if (this.#listener.hasWork()) this.#up(from.router);
  }

  #ended(stream: PublishStream, unanswered: readonly SentBatch[], error: ChappeError | undefined): void {
    this.#streams.delete(stream);
    if (error !== undefined && unanswered.length > 0) this.#listener.onLost(unanswered, error);
    const state = this.#state;
    if (state.kind === "moving" && (state.from === stream || state.to === stream)) {
      const hasMoved = state.from === stream;
      this.#state = { kind: "up", stream: hasMoved ? state.to : state.from };
      if (hasMoved) this.#listener.onUp();
      this.#listener.onRoom();
    } else if (state.kind === "up" && state.stream === stream) {
      this.#reconnect(stream.router, error);
    }
    if (this.#streams.size === 0) this.#onNoStream?.();
  }

  #reconnect(router: string, error: ChappeError | undefined): void {
    const retryInMs = this.#backoff.next();
    this.#state = { kind: "idle" };
    if (error !== undefined) {
      const stream = { kind: "publish" } as const;
      this.#parts.onStatus({ kind: "disconnected", router, stream, error, retryInMs });
    }
    if (!this.#listener.hasWork()) return;
    const timer = this.#parts.clock.setTimeout(() => {
      this.#state = { kind: "idle" };
      if (this.#listener.hasWork()) this.#up(router);
    }, retryInMs);
    this.#state = { kind: "pausing", timer };
  }

  #leaveState(): void {
    if (this.#state.kind === "pausing") this.#parts.clock.clearTimeout(this.#state.timer);
  }
}
