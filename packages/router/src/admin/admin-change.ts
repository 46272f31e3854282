import type { StartFrom } from "@chappe/broker";

/** What an operator changed, for whoever keeps account of it. */
export interface AdminChange {
  readonly method:
    | "RedriveDeadLetters"
    | "PurgeDeadLetters"
    | "PurgeMessages"
    | "PurgeDelayedMessages"
    | "Seek"
    | "DeleteSubscription"
    | "DeleteAddress";
  /** "address:port" of the operator's end. */
  readonly peer: string;
  readonly address: string;
  /** Empty for a receiver's only one, and for a whole address. */
  readonly subscription: string;
  /** How many messages were moved or deleted; undefined where nobody counted. */
  readonly messages: number | undefined;
  /** Where Seek moved the subscription to. */
  readonly position?: StartFrom;
}
