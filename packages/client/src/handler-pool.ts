import { setImmediate as nextTurn } from "node:timers/promises";
import { inspect } from "node:util";
import { ChappeError } from "@chappe/message";
import type { Clock } from "./clock.ts";
import { ACKED } from "./held-delivery.ts";
import type { ReceivedMessage } from "./received-message.ts";
import { Reject } from "./reject.ts";

/**
 * Handles one message. When it returns, or its promise resolves, the message is acked; when it throws, or the promise
 * rejects, the message fails and is retried with backoff; {@link Reject} sends it to the dead letters. An outcome that the
 * handler gives itself comes first.
 */
export type MessageHandler = (message: ReceivedMessage) => unknown;

/** Where a {@link HandlerPool} gets its messages. */
export interface MessageSource {
  take(): ReceivedMessage | undefined;
}

/**
 * Handlers that never wait for anything must let the event loop turn now and then, or heartbeats and outcomes stay behind
 * and the router takes the consumer for dead.
 */
const MAX_TURN_MS = 10;

/** How a {@link HandlerPool} works. */
export interface HandlerPoolOptions {
  /** How many messages are handled at the same time. */
  readonly concurrency: number;
  /** How long one may take. */
  readonly handlerTimeoutMs: number;
}

/** A handler at work on a message, and on the next when it is done. */
interface Worker {
  message: ReceivedMessage;
  /** Since when its handler's promise is waited for; never, while it is not. */
  startedMs: number;
  /** Its handler took too long: nobody waits for it any more. */
  isGivenUp: boolean;
}

/** Runs a handler on messages, up to `concurrency` at a time, each for as long as it may take. */
export class HandlerPool {
  readonly #source: MessageSource;
  readonly #handler: MessageHandler;
  readonly #options: HandlerPoolOptions;
  readonly #clock: Clock;
  /** Those that nobody has given up. */
  readonly #workers = new Set<Worker>();
  /** Goes off when the longest at work may have worked too long; one for all, so that quick handlers cost none. */
  #timer: unknown;
  #isStopped = false;
  #turnStartedMs = 0;
  #onIdle: (() => void) | undefined;

  constructor(source: MessageSource, handler: MessageHandler, options: HandlerPoolOptions, clock: Clock) {
    this.#source = source;
    this.#handler = handler;
    this.#options = options;
    this.#clock = clock;
  }

  /** There may be messages to handle. */
  wake(): void {
    if (this.#workers.size === 0) this.#turnStartedMs = performance.now();
    while (this.#workers.size < this.#options.concurrency && !this.#isStopped) {
      const message = this.#source.take();
      if (message === undefined) return;
      const worker: Worker = { message, startedMs: Number.POSITIVE_INFINITY, isGivenUp: false };
      this.#workers.add(worker);
      void this.#work(worker);
    }
  }

  /** Takes no further message. Resolves when the last handler has ended, or was given up. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#workers.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }

  /** Takes no further message, and waits for no handler any more. */
  end(): void {
    this.#isStopped = true;
    this.#clock.clearTimeout(this.#timer);
  }

  /** Handles one message after the other, until there is none. One promise per message at most. */
  async #work(worker: Worker): Promise<void> {
    for (let message: ReceivedMessage | undefined = worker.message; message !== undefined; message = this.#next()) {
      worker.message = message;
      try {
        const result = this.#handler(message);
        if (isThenable(result)) {
          this.#watch(worker);
          await result;
        }
        message.settleUnlessDone(ACKED);
      } catch (error) {
        fail(message, error);
      }
      if (worker.isGivenUp) return;
      worker.startedMs = Number.POSITIVE_INFINITY;
      if (performance.now() - this.#turnStartedMs > MAX_TURN_MS) {
        await nextTurn();
        this.#turnStartedMs = performance.now();
      }
    }
    this.#remove(worker);
  }

  #remove(worker: Worker): void {
    this.#workers.delete(worker);
    if (this.#workers.size === 0) this.#onIdle?.();
  }

  /** Sees to it that the worker's handler is not waited for longer than it may take. */
  #watch(worker: Worker): void {
    worker.startedMs = this.#clock.now();
    this.#timer ??= this.#clock.setTimeout(() => this.#giveUpLate(), this.#options.handlerTimeoutMs);
  }

  #giveUpLate(): void {
    this.#timer = undefined;
    const { handlerTimeoutMs } = this.#options;
    const now = this.#clock.now();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const worker of this.#workers) {
      const leftMs = worker.startedMs + handlerTimeoutMs - now;
      if (leftMs > 0) {
        nextMs = Math.min(nextMs, leftMs);
        continue;
      }
      worker.isGivenUp = true;
      worker.message.giveUp(
        new ChappeError(
          "DEADLINE_EXCEEDED",
          `the handler was not done after ${handlerTimeoutMs} ms (handlerTimeoutMs)`,
        ),
      );
      this.#remove(worker);
    }
    if (nextMs !== Number.POSITIVE_INFINITY) this.#timer = this.#clock.setTimeout(() => this.#giveUpLate(), nextMs);
    this.wake();
  }

  #next(): ReceivedMessage | undefined {
    return this.#isStopped ? undefined : this.#source.take();
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value;
}

function fail(message: ReceivedMessage, error: unknown): void {
  if (error instanceof Reject) {
    message.settleUnlessDone({ kind: "reject", reason: error.message });
    return;
  }
  // Anything can be thrown, even what cannot be turned into a string.
  const reason = error instanceof Error ? `${error.message}` : inspect(error);
  message.settleUnlessDone({ kind: "fail", delayMs: undefined, reason });
}
