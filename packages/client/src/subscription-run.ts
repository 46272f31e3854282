import type { ChappeError } from "@chappe/message";
import type { Clock } from "./clock.ts";
import { type CloseOptions, closeConsumer, DEFAULT_CLOSE_MS } from "./consumer-closing.ts";
import { Consumer, type ConsumerOptions, type ConsumerParts } from "./consumer.ts";
import { Fifo } from "./fifo.ts";
import { type LoopSource, MessageLoop, type NextMessage, NO_MORE } from "./message-loop.ts";
import type { ReceivedMessage } from "./received-message.ts";

interface Asking {
  readonly loop: MessageLoop;
  readonly resolve: (next: NextMessage) => void;
  readonly reject: (error: ChappeError) => void;
}

/** One stretch of reading, from the first loop's beginning to the last one's end. */
export class SubscriptionRun implements LoopSource {
  readonly #consumer: Consumer;
  readonly #clock: Clock;
  readonly #loops = new Set<MessageLoop>();
  readonly #asking = new Fifo<Asking>();
  #closing: Promise<void> | undefined;
  #onHandled: (() => void) | undefined;
  #isEnded = false;
  /** Why it ended, until somebody was told. */
  #error: ChappeError | undefined;

  /** @param onEnd called once, when nothing of it is left */
  constructor(options: ConsumerOptions, parts: ConsumerParts, onEnd: () => void) {
    this.#clock = parts.clock;
    this.#consumer = new Consumer(options, parts, {
      onMessages: () => this.#handOut(),
      onEnd: (error) => {
        this.#isEnded = true;
        this.#error = error;
        for (const { resolve, reject } of this.#asking.drain()) this.#tellEnd(resolve, reject);
        onEnd();
      },
    });
  }

  /** Resolves when a router has let it in. */
  get opened(): Promise<void> {
    return this.#consumer.opened;
  }

  /** One more loop that shares the messages. */
  loop(): MessageLoop {
    const loop = new MessageLoop(this);
    this.#loops.add(loop);
    return loop;
  }

  next(loop: MessageLoop): Promise<NextMessage> {
    this.#noteHandled();
    const message = this.#asking.length === 0 ? this.#take() : undefined;
    if (message !== undefined) return Promise.resolve(loop.give(message));
    return new Promise((resolve, reject) => {
      if (this.#isEnded) this.#tellEnd(resolve, reject);
      else this.#asking.push({ loop, resolve, reject });
      // What this loop has settled may let go of what another one waits for.
      this.#handOut();
    });
  }

  async leave(loop: MessageLoop): Promise<void> {
    this.#loops.delete(loop);
    this.#noteHandled();
    if (this.#loops.size === 0) await this.close({ deadlineMs: 0 });
  }

  /** Waits until each loop has asked for its next message, or its message has an outcome; then ends all of them. */
  close({ deadlineMs = DEFAULT_CLOSE_MS }: CloseOptions = {}): Promise<void> {
    if (this.#closing === undefined) {
      const handled = new Promise<void>((resolve) => {
        this.#onHandled = resolve;
      });
      this.#closing = closeConsumer(this.#consumer, handled, this.#clock, deadlineMs);
      this.#noteHandled();
    }
    return this.#closing;
  }

  #handOut(): void {
    while (this.#asking.length > 0) {
      const message = this.#take();
      if (message === undefined) return;
      const asking = this.#asking.shift();
      asking?.resolve(asking.loop.give(message));
    }
  }

  #take(): ReceivedMessage | undefined {
    return this.#consumer.take(this.#loops.size === 1);
  }

  #noteHandled(): void {
    if (this.#onHandled !== undefined && ![...this.#loops].some((loop) => loop.isBusy)) this.#onHandled();
  }

  /** One loop throws the error; the others just end. */
  #tellEnd(resolve: Asking["resolve"], reject: Asking["reject"]): void {
    const error = this.#error;
    this.#error = undefined;
    if (error === undefined) resolve(NO_MORE);
    else reject(error);
  }
}
