import type { Entry, Range, Setback } from "../store.ts";
import type { StoredPart } from "./stored-part.ts";

/** A part's life in one subscription: from its first claim, or its retry, to its removal. */
export interface Place {
  readonly ref: string;
  /** Position in the history of the batch it stems from; the order among places. */
  readonly position: number;
  readonly part: StoredPart;
  /** When it was stored, or is due for its retry. */
  readonly sinceMs: number;
  readonly attempt: number;
  readonly crashes: number;
  /** An operator put it back. */
  readonly redriven: boolean;
  /** How often it was given to an instance that may have handed it out. */
  gives: number;
  settled: readonly Range[];
  /** With an ordering key: the failure noted last, and when its pause is over. */
  setback: { readonly noted: Setback; readonly untilMs: number } | undefined;
  /** Retention took it from whoever had it. */
  isGone: boolean;
}

/** A place of which nothing has become yet. */
export function newPlace(
  begin: Pick<Place, "ref" | "position" | "part" | "sinceMs"> &
    Partial<Pick<Place, "attempt" | "crashes" | "redriven">>,
): Place {
  return {
    attempt: 1,
    crashes: 0,
    redriven: false,
    gives: 0,
    settled: [],
    setback: undefined,
    isGone: false,
    ...begin,
  };
}

/** The entry of a place, for an instance that may hand it out. With an ordering key it comes after the entry `after`. */
export function entryOf(place: Place, after: string, nowMs: number): Entry {
  const { ref, part, attempt, crashes, redriven, settled, setback } = place;
  const { headerBytes, records, count, first, follows } = part;
  const redelivered = place.gives++ > 0;
  const turn =
    follows === undefined
      ? undefined
      : { after, setback: setback && { ...setback.noted, pauseMs: Math.max(0, setback.untilMs - nowMs) } };
  return { ref, headerBytes, records, count, first, attempt, crashes, redriven, redelivered, settled, turn };
}
