import type { HistoryEvent } from "../history/history-event.ts";
import { type MessageRecord, recordsOf } from "./message-record.ts";

/** A message that was found among the dead letters when the run was over. */
export interface FoundDead {
  /** As `readerText` says. */
  readonly reader: string;
  /** As `keyText` says. */
  readonly key: string;
  readonly reason: string;
}

/** What is left in a subscription when the run was over. One that is gone has none. */
export interface FoundLeft {
  readonly reader: string;
  readonly depth: number;
  /** Messages of its address that wait for their delivery time. */
  readonly delayed: number;
  readonly pending: number;
}

/** Who reads what. */
export interface ReaderPlan {
  readonly reader: string;
  readonly address: string;
  /** One consumer at a time, and one message after the other: order is promised. */
  readonly isOrdered: boolean;
}

/** All that the checker judges. */
export interface RunHistory {
  readonly readers: readonly ReaderPlan[];
  readonly events: readonly HistoryEvent[];
  readonly records: ReadonlyMap<string, MessageRecord>;
  /** Moments at which Redis lost everything, in the order of time. */
  readonly wipesMs: readonly number[];
  readonly dead: readonly FoundDead[];
  readonly left: readonly FoundLeft[];
}

/** Prepares a history for the checker. */
export function runHistory(
  events: readonly HistoryEvent[],
  found: Pick<RunHistory, "readers" | "dead" | "left">,
): RunHistory {
  const inOrder = events.toSorted((one, other) => one.atMs - other.atMs);
  const wipesMs = inOrder.filter(({ kind }) => kind === "wiped").map(({ atMs }) => atMs);
  return { ...found, events: inOrder, records: recordsOf(inOrder), wipesMs };
}
