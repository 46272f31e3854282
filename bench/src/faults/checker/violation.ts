import type { HistoryEvent } from "../history/history-event.ts";

/** What may not happen. */
export type Invariant =
  | "lost"
  | "unflagged-duplicate"
  | "out-of-order"
  | "key-out-of-order"
  | "too-early"
  | "wrong-receipt"
  | "rejected"
  | "credit-exceeded"
  | "foreign-message"
  | "wrong-dead-letter"
  | "missing-dead-letter"
  | "unsettled"
  | "unseen-loss"
  | "false-alarm"
  | "not-recovered"
  | "no-effect"
  | "crashed";

/** An invariant that broke, and the events that show it. */
export interface Violation {
  readonly invariant: Invariant;
  /** One sentence. */
  readonly what: string;
  readonly events: readonly HistoryEvent[];
}
