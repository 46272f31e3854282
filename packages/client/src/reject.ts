/**
 * Throw this from a handler for a message that no retry can help: it goes to the dead letters at once. Any other error is
 * retried with backoff.
 */
export class Reject extends Error {
  override readonly name = "Reject";

  /** @param reason kept with the dead letter; at most 1 KiB, the rest is cut */
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
  }
}
