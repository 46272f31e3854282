import {
  ChappeError,
  decodePublishResponse,
  encodePublishRequest,
  type PublishResponseFrame,
  type PublishResultFrame,
} from "@chappe/message";
import { InFlightFrames, type SentBatch } from "./in-flight-frames.ts";
import type { RouterLease } from "./router-pool.ts";
import type { FrameLoad } from "./send-line.ts";
import type { Call } from "./transport.ts";

/** What a {@link PublishStream} tells its owner. */
export interface PublishStreamListener {
  /** The router has answered for the first time. */
  onOpen(stream: PublishStream): void;
  /** A batch is answered. */
  onAnswer(sent: SentBatch, result: PublishResultFrame): void;
  /** The router has lost its store from sight. */
  onStoreInterrupted(): void;
  /** All answers that came together have been told. */
  onAnswered(stream: PublishStream): void;
  /** The router wants no new work. What is in flight will still be answered. */
  onLeaving(stream: PublishStream): void;
  /** The stream is over. Comes once, and last; without an error when it was asked to finish. */
  onEnd(stream: PublishStream, unanswered: readonly SentBatch[], error: ChappeError | undefined): void;
}

/** One Publish call: sends frames, and matches the answers to their batches. */
export class PublishStream {
  readonly router: string;
  readonly #lease: RouterLease;
  readonly #listener: PublishStreamListener;
  readonly #inFlight = new InFlightFrames();
  readonly #call: Call;
  #state: "opening" | "open" | "finishing" | "ended" = "opening";

  constructor(lease: RouterLease, listener: PublishStreamListener) {
    this.router = lease.channel.router;
    this.#lease = lease;
    this.#listener = listener;
    this.#call = lease.channel.open("Publish", {
      onFrame: (bytes) => this.#receive(bytes),
      onEnd: (error) => this.#end(error),
      // Frames in flight are few: there is no need to hold them back.
      onDrain: () => {},
    });
  }

  /** What the router has not answered. */
  get inFlight(): Pick<InFlightFrames, "count" | "oldestMs"> {
    return this.#inFlight;
  }

  /** Sends batches. Must not be called after `finish`. */
  send(load: FrameLoad, nowMs: number): void {
    const number = this.#inFlight.add(load.sent, nowMs);
    const batches = load.sent.map(({ batch }) => batch.batch);
    this.#call.write(encodePublishRequest({ number, batches, durability: load.durability }));
  }

  /** Half-closes; what is in flight will be answered. */
  finish(): void {
    if (this.#state === "ended") return;
    this.#state = "finishing";
    this.#call.end();
  }

  /** Ends it at once; `onEnd` is told with `error`. */
  abort(error: ChappeError): void {
    if (this.#state === "ended") return;
    this.#call.cancel();
    this.#end(error);
  }

  #receive(bytes: Buffer): void {
    let frame: PublishResponseFrame;
    try {
      frame = decodePublishResponse(bytes);
    } catch (error) {
      this.abort(ChappeError.from(error));
      return;
    }
    if (this.#state === "opening") {
      this.#state = "open";
      this.#lease.channel.onLeaving(() => this.#leave());
      this.#listener.onOpen(this);
    }
    for (const result of frame.results) {
      const sent = this.#inFlight.answer(result.number, result.index);
      if (sent !== undefined) this.#listener.onAnswer(sent, result);
    }
    if (frame.storeInterrupted === true) this.#listener.onStoreInterrupted();
    this.#listener.onAnswered(this);
  }

  #leave(): void {
    if (this.#state !== "open") return;
    // Nobody may join a connection that is going away.
    this.#lease.discard();
    this.#listener.onLeaving(this);
  }

  #end(error: ChappeError | undefined): void {
    if (this.#state === "ended") return;
    const wasAsked = this.#state === "finishing" && this.#inFlight.count === 0;
    this.#state = "ended";
    if (error !== undefined) this.#lease.discard();
    this.#lease.release();
    const why = wasAsked
      ? undefined
      : (error ?? new ChappeError("UNAVAILABLE", `${this.router}: the router ended the stream`));
    this.#listener.onEnd(this, this.#inFlight.drain(), why);
  }
}
