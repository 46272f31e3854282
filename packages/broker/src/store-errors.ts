import { ChappeError } from "@chappe/message";
import type { SubscriptionName } from "./store.ts";

/** The ALREADY_EXISTS for a delayed message whose sender has one of the same id waiting there. */
export function alreadyDelayedError(messageId: string): ChappeError {
  const problem = `message ${messageId} waits for its time at this address already: cancel it, or give another id`;
  return new ChappeError("ALREADY_EXISTS", problem);
}

/** The NOT_FOUND for moving a subscription that is not there. */
export function nothingToMoveError({ address, subscription }: SubscriptionName): ChappeError {
  return new ChappeError("NOT_FOUND", `${address} has no subscription "${subscription}" to move`);
}
