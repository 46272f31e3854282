/** A message that can be given back. */
export interface Releasable {
  /** Gives it back, uncounted: it will be delivered again, here or elsewhere. */
  release(): Promise<void>;
}

/** How receiving ended. Every message that was taken is handled or given back by then. */
export type ReceivingEnd = { readonly kind: "done" } | { readonly kind: "failed"; readonly error: unknown };

/** What {@link receiveAll} needs. */
export interface Receiving<Message extends Releasable> {
  /** Ends when receiving is to stop. */
  readonly messages: AsyncIterable<Message>;
  /** Does what there is to do with a message, and gives it its outcome. When it throws, the message is given back. */
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
export async function receiveAll<Message extends Releasable>(receiving: Receiving<Message>): Promise<ReceivingEnd> {
  const { messages, handle, count = Number.POSITIVE_INFINITY, concurrency, stop } = receiving;
  let taken = 0;
  let underWay = 0;
  let wake: (() => void) | undefined;
  let failure: { readonly error: unknown } | undefined;

  const work = async (message: Message): Promise<void> => {
    try {
      await handle(message);
    } catch (error) {
      failure ??= { error };
      stop();
      giveBack(message);
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
      giveBack(message);
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

/** What cannot be given back, because the connection broke, comes again all the same. */
function giveBack(message: Releasable): void {
  message.release().catch(() => {});
}
