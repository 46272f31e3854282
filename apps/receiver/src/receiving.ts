/** A message that can be given back. */
export interface Releasable {
  /** Gives it back, uncounted: it will be delivered again, here or elsewhere. */
  release(): Promise<void>;
}

/** What {@link Receiving} needs. */
export interface ReceivingOptions<Message extends Releasable> {
  /** Does what there is to do with a message, and gives it its outcome. When it throws, the message is given back. */
  readonly handle: (message: Message) => Promise<void>;
  /** How many messages to take, at least 1. @default no limit */
  readonly count?: number | undefined;
  /** Ends receiving: called once, with the last message taken, or when one could not be handled. */
  readonly stop: () => void;
}

/**
 * Handles messages until `count` were taken, or one could not be handled: what cannot be printed or saved now could not be
 * a moment later, and belongs to another receiver.
 */
export class Receiving<Message extends Releasable> {
  readonly #options: ReceivingOptions<Message>;
  #taken = 0;
  #isOver = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(options: ReceivingOptions<Message>) {
    this.#options = options;
  }

  /** Why a message could not be handled: the first one's reason. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  /** Handles one message. Never throws. */
  async take(message: Message): Promise<void> {
    const { handle, count = Number.POSITIVE_INFINITY } = this.#options;
    if (this.#isOver) {
      giveBack(message);
      return;
    }
    this.#taken += 1;
    if (this.#taken === count) this.#end();
    try {
      await handle(message);
    } catch (error) {
      this.#failure ??= { error };
      giveBack(message);
      this.#end();
    }
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.stop();
  }
}

/** What cannot be given back, because the connection broke, comes again all the same. */
function giveBack(message: Releasable): void {
  message.release().catch(() => {});
}
