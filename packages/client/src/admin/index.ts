// For operators, and programs that work for them.
export { type AdminClient, connectAdmin, type DeadLetterChoice, type SubscriptionPlace } from "./admin-client.ts";
export type { AdminOptions } from "./admin-options.ts";
export type {
  AddressView,
  DeadLetterView,
  HolderView,
  MessageView,
  SubscriptionView,
  WaitingView,
} from "./admin-views.ts";
