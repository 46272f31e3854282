import type { ReceivedMessage } from "./received-message.ts";

/** What a loop gets when it asks for the next message. */
export type NextMessage = IteratorResult<ReceivedMessage, undefined>;

/** The end of a loop. */
export const NO_MORE: NextMessage = { done: true, value: undefined };

/** Who hands messages to loops. */
export interface LoopSource {
  next(loop: MessageLoop): Promise<NextMessage>;
  /** The loop was left. */
  leave(loop: MessageLoop): Promise<void>;
}

/** One `for await` loop over messages. */
export class MessageLoop implements AsyncIterator<ReceivedMessage, undefined> {
  readonly #source: LoopSource;
  #current: ReceivedMessage | undefined;
  #isLeft = false;

  constructor(source: LoopSource) {
    this.#source = source;
  }

  /** Whether its body is at work on a message that has no outcome. */
  get isBusy(): boolean {
    return this.#current?.isOpen ?? false;
  }

  /** Notes what it was given. */
  give(message: ReceivedMessage): NextMessage {
    this.#current = message;
    return { done: false, value: message };
  }

  next(): Promise<NextMessage> {
    this.#current = undefined;
    return this.#isLeft ? Promise.resolve(NO_MORE) : this.#source.next(this);
  }

  async return(): Promise<NextMessage> {
    this.#current = undefined;
    if (!this.#isLeft) {
      this.#isLeft = true;
      await this.#source.leave(this);
    }
    return NO_MORE;
  }
}
