import { ChappeError } from "@chappe/message";

/** How much a receiver's queue may hold until publishing to it is refused. 0: no limit. */
export interface QueueLimits {
  /** Messages that have no outcome yet: waiting, held, or due for another try. */
  readonly maxMessages: number;
  /** Bytes of the store's memory, its bookkeeping included. */
  readonly maxBytes: number;
}

/**
 * A million messages or 1 GiB: far more than a receiver that is only slow leaves lying, and so little that one that never
 * reads does not take the room of all others.
 */
export const DEFAULT_QUEUE_LIMITS: QueueLimits = { maxMessages: 1_000_000, maxBytes: 1_073_741_824 };

/** What a queue holds, as {@link QueueLimits} counts it. */
export interface QueueFill {
  readonly messages: number;
  readonly bytes: number;
}

/** Whether a queue takes no more. The batch that reaches the limit may go beyond it. */
export function isQueueFull({ messages, bytes }: QueueFill, { maxMessages, maxBytes }: QueueLimits): boolean {
  return (maxMessages > 0 && messages >= maxMessages) || (maxBytes > 0 && bytes >= maxBytes);
}

/** The RESOURCE_EXHAUSTED that refuses a batch for a full queue: which limit, how full, what is allowed. */
export function queueFullError(address: string, { messages, bytes }: QueueFill, limits: QueueLimits): ChappeError {
  const { maxMessages, maxBytes } = limits;
  const full =
    maxMessages > 0 && messages >= maxMessages
      ? `${messages} messages have no outcome yet, and ${maxMessages} may wait`
      : `it takes ${bytes} bytes of memory, and may take ${maxBytes}`;
  return new ChappeError("RESOURCE_EXHAUSTED", `the queue of ${address} is full: ${full}; try again when it is read`);
}
