import type { Delivered } from "../history/history-event.ts";
import type { RunHistory } from "./run-history.ts";
import type { Violation } from "./violation.ts";

/** Repeats of one run. */
export interface Repeats {
  /** Deliveries that say that they may be repeats, and are. */
  readonly flagged: number;
  readonly unflagged: readonly (readonly [Delivered, Delivered])[];
}

/** Finds deliveries of what its reader had been given before. */
export function findRepeats({ records }: RunHistory): Repeats {
  let flagged = 0;
  const unflagged: [Delivered, Delivered][] = [];
  for (const { deliveries } of records.values()) {
    for (const [first, ...repeats] of deliveries.values()) {
      if (first === undefined) continue;
      let before = first;
      for (const repeat of repeats) {
        if (repeat.attempt > 1 || repeat.redelivered) flagged++;
        else unflagged.push([before, repeat]);
        before = repeat;
      }
    }
  }
  return { flagged, unflagged };
}

/**
 * Who gets a message again is told that this may be so, also when Redis lost it and its sender sent it again; and a message
 * that was sent again is stored once.
 */
export function checkDuplicates(history: RunHistory): Violation[] {
  return findRepeats(history).unflagged.map(([before, repeat]) => ({
    invariant: "unflagged-duplicate",
    what: `${repeat.sender} > ${repeat.address} #${repeat.sequence} came again to ${repeat.consumer} (${repeat.subscription}), with attempt 1 and not as redelivered`,
    events: [before, repeat],
  }));
}
