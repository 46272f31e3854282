import type { SubscriptionName } from "./store.ts";

/** A subscription in an error message: "receiver:receiver-01", "topic:orders/billing". */
export function subscriptionText({ address, subscription }: SubscriptionName): string {
  return subscription === "" ? address : `${address}/${subscription}`;
}
