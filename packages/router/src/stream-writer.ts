import type { ChappeError } from "@chappe/message";
import type { ServerDuplexStream } from "@grpc/grpc-js";
import { toStatus } from "./grpc-status.ts";

/** The half of a call that a {@link StreamWriter} writes to. */
export type WritableCall = Pick<ServerDuplexStream<Buffer, Buffer>, "write" | "end" | "emit">;

/**
 * Where a writer stands.
 *
 * - `idle`: nothing to send. A wake leads to `due`.
 * - `due`: a frame will be taken when the promises of this turn have run, so that all they bring goes together.
 * - `writing`: a frame is on its way. What comes up meanwhile collects in its owner and makes the next frame.
 * - `ended`: nothing is written any more, ever.
 */
type WriterState = "idle" | "due" | "writing" | "ended";

const HEARTBEAT = Buffer.alloc(0);

/**
 * The one way to write to a stream.
 *
 * It pulls: `take` is asked for a frame only when the one before is with the peer, as far as its flow-control window and
 * the socket allow. So a peer that does not read costs one frame, and whatever bound its owner sets to what it collects.
 */
export class StreamWriter {
  readonly #call: WritableCall;
  readonly #take: () => Buffer | undefined;
  #state: WriterState = "idle";
  /** How the stream ends once nothing is left to take. */
  #ending: { readonly error: ChappeError | undefined } | undefined;
  #heartbeat: NodeJS.Timeout | undefined;

  /** @param take the next frame; undefined when there is nothing to send */
  constructor(call: WritableCall, take: () => Buffer | undefined) {
    this.#call = call;
    this.#take = take;
  }

  /** There may be something to take. */
  wake(): void {
    if (this.#state !== "idle") return;
    this.#state = "due";
    // A tick queued by a promise runs when all promises have: those that one reply of the store resolves share a frame.
    process.nextTick(this.#flush);
  }

  /** From now on, sends an empty frame when nothing was sent for `heartbeatMs`. */
  startHeartbeat(heartbeatMs: number): void {
    if (this.#state === "ended") return;
    this.#heartbeat = setTimeout(() => {
      if (this.#state === "idle") this.#write(HEARTBEAT);
      else this.#heartbeat?.refresh();
    }, heartbeatMs).unref();
  }

  /** Ends the stream when everything is taken and sent; OK without an error. The first call decides. */
  end(error?: ChappeError): void {
    this.#ending ??= { error };
    this.wake();
  }

  /** The stream is gone: writes nothing more. */
  stop(): void {
    this.#state = "ended";
    clearTimeout(this.#heartbeat);
  }

  readonly #flush = (): void => {
    if (this.#state === "ended") return;
    const frame = this.#take();
    if (frame !== undefined) return this.#write(frame);
    this.#state = "idle";
    if (this.#ending !== undefined) this.#end(this.#ending.error);
  };

  #write(frame: Buffer): void {
    this.#state = "writing";
    this.#heartbeat?.refresh();
    this.#call.write(frame, this.#flush);
  }

  #end(error: ChappeError | undefined): void {
    this.stop();
    if (error === undefined) this.#call.end();
    else this.#call.emit("error", toStatus(error));
  }
}
