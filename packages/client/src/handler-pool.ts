import { setImmediate as nextTurn } from "node:timers/promises";
import { inspect } from "node:util";
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

/** Runs a handler on messages, up to `concurrency` at a time. */
export class HandlerPool {
  readonly #source: MessageSource;
  readonly #handler: MessageHandler;
  readonly #concurrency: number;
  #active = 0;
  #isStopped = false;
  #turnStartedMs = 0;
  #onIdle: (() => void) | undefined;

  constructor(source: MessageSource, handler: MessageHandler, concurrency: number) {
    this.#source = source;
    this.#handler = handler;
    this.#concurrency = concurrency;
  }

  /** There may be messages to handle. */
  wake(): void {
    if (this.#active === 0) this.#turnStartedMs = performance.now();
    while (this.#active < this.#concurrency && !this.#isStopped) {
      const message = this.#source.take();
      if (message === undefined) return;
      this.#active++;
      void this.#work(message);
    }
  }

  /** Takes no further message. Resolves when the last handler has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#active === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }

  /** Handles one message after the other, until there is none. One promise per message at most. */
  async #work(first: ReceivedMessage): Promise<void> {
    for (let message: ReceivedMessage | undefined = first; message !== undefined; message = this.#next()) {
      try {
        const result = this.#handler(message);
        if (isThenable(result)) await result;
        message.settleUnlessDone(ACKED);
      } catch (error) {
        fail(message, error);
      }
      if (performance.now() - this.#turnStartedMs > MAX_TURN_MS) {
        await nextTurn();
        this.#turnStartedMs = performance.now();
      }
    }
    this.#active--;
    if (this.#active === 0) this.#onIdle?.();
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
