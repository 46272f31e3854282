import type { ChappeError } from "@chappe/message";
import type { Clock } from "./clock.ts";
import { type CloseOptions, closeConsumer, DEFAULT_CLOSE_MS } from "./consumer-closing.ts";
import { Consumer, type ConsumerOptions, type ConsumerParts } from "./consumer.ts";
import { HandlerPool, type HandlerPoolOptions, type MessageHandler } from "./handler-pool.ts";

/** A handler at work: what `subscribe` and `receive` resolve with. */
export class Handling implements AsyncDisposable {
  /** Resolves when it was closed. Rejects when it ended for good by itself: the router refused to let it in again. */
  readonly finished: Promise<void>;
  readonly #finishing = Promise.withResolvers<void>();
  readonly #consumer: Consumer;
  readonly #pool: HandlerPool;
  readonly #clock: Clock;
  #closing: Promise<void> | undefined;

  /** @internal */
  constructor(
    handler: MessageHandler,
    pool: HandlerPoolOptions,
    options: ConsumerOptions,
    parts: ConsumerParts,
    onEnd: (ended: Handling) => void,
  ) {
    this.finished = this.#finishing.promise;
    // Statuses tell of it as well.
    this.finished.catch(() => {});
    this.#clock = parts.clock;
    this.#consumer = new Consumer(options, parts, {
      onMessages: () => this.#pool.wake(),
      onEnd: (error) => {
        onEnd(this);
        this.#end(error);
      },
    });
    this.#pool = new HandlerPool(this.#consumer, handler, pool, parts.clock);
  }

  /** Resolves when a router has let it in. @internal */
  get opened(): Promise<void> {
    return this.#consumer.opened;
  }

  /** Takes no more messages, waits for handlers that run, and gives back the rest. Resolves when all is done. */
  close({ deadlineMs = DEFAULT_CLOSE_MS }: CloseOptions = {}): Promise<void> {
    this.#closing ??= closeConsumer(this.#consumer, this.#pool.stop(), this.#clock, deadlineMs);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #end(error: ChappeError | undefined): void {
    this.#pool.end();
    if (error === undefined) this.#finishing.resolve();
    else this.#finishing.reject(error);
  }
}
