import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ChappeError } from "@chappe/message";
import { LAST_BYTES_MS, type ReceiveStream } from "./receive-stream.ts";

/** Which streams are open, by their ids, so that calls beside them find them and they can be asked to leave. */
export class StreamRegistry {
  readonly #streams = new Map<string, ReceiveStream>();
  /** What the ids of this router's streams begin with, so that a call that went to another router can be told so. */
  readonly #prefix = randomBytes(4).toString("hex");
  #isLeaving = false;

  /** The router is about to stop: streams leave, and no more are let in. */
  get isLeaving(): boolean {
    return this.#isLeaving;
  }

  /** Streams open now. */
  get size(): number {
    return this.#streams.size;
  }

  /** An id for a new stream, which nobody can guess. */
  newId(): string {
    return this.#prefix + randomBytes(12).toString("base64url");
  }

  /** The stream with this id. @throws ChappeError FAILED_PRECONDITION when it is not here, and says why */
  get(id: string): ReceiveStream {
    const stream = this.#streams.get(id);
    if (stream !== undefined) return stream;
    throw new ChappeError(
      "FAILED_PRECONDITION",
      id.startsWith(this.#prefix)
        ? "the stream has ended; what it held was given back, or is retried"
        : "the stream is not on this router: ask the one that it is on, through the same connection or with affinity",
    );
  }

  add(stream: ReceiveStream): void {
    this.#streams.set(stream.id, stream);
    void stream.gone.then(() => this.#streams.delete(stream.id));
    // It was under way when the router began to leave.
    if (this.#isLeaving) stream.close(leaving());
  }

  /** Asks every stream to leave, and ends at `drainMs` those that have not. Resolves with how many are still there. */
  async drain(drainMs: number): Promise<number> {
    this.#isLeaving = true;
    for (const stream of this.#streams.values()) stream.drain();
    await this.#allGone(drainMs);
    return this.close();
  }

  /** Ends every stream now. Resolves with how many are still there: their clients read nothing any more. */
  async close(): Promise<number> {
    this.#isLeaving = true;
    for (const stream of this.#streams.values()) stream.close(leaving());
    await this.#allGone(LAST_BYTES_MS);
    const forced = this.#streams.size;
    for (const stream of this.#streams.values()) stream.destroy();
    return forced;
  }

  /** Resolves when no stream is left, or after `ms`. */
  async #allGone(ms: number): Promise<void> {
    const timeout = new AbortController();
    const gone = Promise.all([...this.#streams.values()].map((stream) => stream.gone));
    await Promise.race([gone, sleep(ms, undefined, { signal: timeout.signal }).catch(() => {})]);
    timeout.abort();
  }
}

function leaving(): ChappeError {
  return new ChappeError("UNAVAILABLE", "this router has stopped: go to another");
}
