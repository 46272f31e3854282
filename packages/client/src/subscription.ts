import type { CloseOptions } from "./consumer-closing.ts";
import type { ReceivedMessage } from "./received-message.ts";
import type { SubscriptionRun } from "./subscription-run.ts";

/** Begins to read. `onEnd` is called when that is over. */
export type BeginRun = (onEnd: () => void) => SubscriptionRun;

/**
 * The messages of a receiver, or of a topic's subscription, for a `for await` loop.
 *
 * Nothing happens until a loop begins. Every message needs its outcome said: nothing is acked by taking the next one, so
 * that a loop can gather messages and settle them together, as long as it does not hold more than its credit. Leaving the
 * loop gives back what has no outcome, uncounted. Loops at the same time share the messages.
 */
export class Subscription implements AsyncIterable<ReceivedMessage>, AsyncDisposable {
  readonly #begin: BeginRun;
  #run: SubscriptionRun | undefined;

  /** @internal */
  constructor(begin: BeginRun) {
    this.#begin = begin;
  }

  /**
   * Begins to read, ahead of the first loop. Resolves when a router has let the consumer in: what is published to a topic
   * from then on will arrive. A router that cannot be reached is waited for; the client's `onStatus` tells.
   *
   * @throws ChappeError (as a rejection) for which no router will let it in; CANCELLED when closed before
   */
  async ready(): Promise<void> {
    await this.#start().opened;
  }

  /** Begins a loop. It throws the ChappeError for which no router will let the consumer in. */
  [Symbol.asyncIterator](): AsyncIterator<ReceivedMessage, undefined> {
    return this.#start().loop();
  }

  /**
   * Takes no more messages, and ends the loops. A loop's body that is at work on a message without an outcome is waited
   * for; then outcomes are told, and the rest is given back.
   */
  async close(options?: CloseOptions): Promise<void> {
    await this.#run?.close(options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #start(): SubscriptionRun {
    this.#run ??= this.#begin(() => {
      this.#run = undefined;
    });
    return this.#run;
  }
}
