import type { SubscriptionPlace } from "@chappe/client/admin";

/** "receiver:receiver-01", "topic:orders/billing". */
export function placeText({ address, subscription }: SubscriptionPlace): string {
  return subscription === undefined ? address : `${address}/${subscription}`;
}
