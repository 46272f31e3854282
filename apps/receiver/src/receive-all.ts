/** What a message is given in the end. */
export interface Settleable {
  /** Done: it will not be delivered again. */
  ack(): Promise<void>;
  /** Given back, uncounted: it will be delivered again, here or elsewhere. */
  release(): Promise<void>;
}

/** How receiving ended. Every message that was taken is settled by then. */
export type ReceivingEnd = { readonly kind: "done" } | { readonly kind: "failed"; readonly error: unknown };

/** What {@link receiveAll} needs. */
export interface Receiving<Message extends Settleable> {
  /** Ends when receiving is to stop. */
  readonly messages: AsyncIterable<Message>;
  /** Does what there is to do with a message. It is acknowledged afterwards; when this fails, it is given back. */
  readonly handle: (message: Message) => Promise<void>;
  /** How many messages to take, at least 1. @default no limit */
  readonly count?: number | undefined;
  /** How many to handle at a time. */
  readonly concurrency: number;
  /** Ends `messages`. Called when one could not be handled. */
  readonly stop: () => void;
}

/**
 * Handles messages until they end, `count` are taken, or one could not be handled: what cannot be printed or saved now
 * could not be a moment later, and belongs to another receiver.
 */
export async function receiveAll<Message extends Settleable>(receiving: Receiving<Message>): Promise<ReceivingEnd> {
  const { messages, handle, count = Number.POSITIVE_INFINITY, concurrency, stop } = receiving;
  let taken = 0;
  let underWay = 0;
  let wake: (() => void) | undefined;
  let failure: { readonly error: unknown } | undefined;

  const work = async (message: Message): Promise<void> => {
    try {
      await handle(message);
      await message.ack();
    } catch (error) {
      failure ??= { error };
      stop();
      await message.release();
    } finally {
      underWay -= 1;
      wake?.();
    }
  };
  const untilUnderWay = async (limit: number): Promise<void> => {
    while (underWay > limit) await new Promise<void>((resolve) => (wake = resolve));
  };

  for await (const message of messages) {
    // What came along with the message that failed: it goes back where it came from, in its order.
    if (failure !== undefined) {
      await message.release();
      break;
    }
    taken += 1;
    underWay += 1;
    void work(message);
    if (taken === count) break;
    await untilUnderWay(concurrency - 1);
  }
  await untilUnderWay(0);
  return failure === undefined ? { kind: "done" } : { kind: "failed", ...failure };
}
