import { type Acked, type Delivered, isFlagged, type Settled } from "../history/history-event.ts";
import type { RunHistory } from "./run-history.ts";
import { type Standstill, standstillsOf } from "./standstills.ts";
import type { Violation } from "./violation.ts";

/** What lay unread in a program that stood still is read within this after it goes on, milliseconds. */
const WAKING_MS = 1_000;

/** Repeats of one run. */
export interface Repeats {
  /** Deliveries that say that they may be repeats, and are. */
  readonly flagged: number;
  /**
   * Deliveries that were handed out first and read last: they lay in a program that stood still, while others were handed
   * what it had not told of. Nobody can flag them any more. Their outcomes do not count, or they are unflagged.
   */
  readonly late: number;
  /**
   * What was sent twice with one deduplication id, and stored twice, because Redis was emptied between the two and forgot the
   * id: two messages for two epochs.
   */
  readonly anew: number;
  readonly unflagged: readonly (readonly [Delivered, Delivered])[];
}

/** Finds deliveries of what its reader had been given before. */
export function findRepeats({ records, events }: RunHistory): Repeats {
  const standstills = standstillsOf(events);
  let flagged = 0;
  let late = 0;
  let anew = 0;
  const unflagged: [Delivered, Delivered][] = [];
  for (const { acks, deliveries, settlements } of records.values()) {
    for (const [reader, all] of deliveries) {
      for (const [index, repeat] of all.entries()) {
        const before = all[index - 1];
        if (before === undefined) continue;
        const stoodStill = standstills.get(repeat.consumer) ?? [];
        if (isFlagged(repeat)) flagged++;
        else if (isStoredAnew(before, repeat, acks)) anew++;
        else if (
          isFlagged(before) &&
          before.consumer !== repeat.consumer &&
          stoodStill.some((each) => isLate(before, repeat, each)) &&
          !hasCounted(repeat, all.slice(index + 1), settlements.get(reader) ?? [])
        )
          late++;
        else unflagged.push([before, repeat]);
      }
    }
  }
  return { flagged, late, anew, unflagged };
}

function isStoredAnew(before: Delivered, repeat: Delivered, acks: readonly Acked[]): boolean {
  const epochOf = ({ id }: Delivered) => acks.find((ack) => ack.id === id)?.epoch;
  const [one, other] = [epochOf(before), epochOf(repeat)];
  return one !== undefined && other !== undefined && one !== other;
}

function isLate(before: Delivered, late: Delivered, { fromMs, toMs }: Standstill): boolean {
  return before.atMs >= fromMs && late.atMs >= toMs && late.atMs <= toMs + WAKING_MS;
}

/** Whether a consumer's outcome for a delivery counted. What it tells after it was given the message again is of that. */
function hasCounted(late: Delivered, after: readonly Delivered[], settlements: readonly Settled[]): boolean {
  const untilMs = after.find(({ consumer }) => consumer === late.consumer)?.atMs ?? Number.POSITIVE_INFINITY;
  return settlements.some(
    ({ consumer, counted, atMs }) =>
      counted === true && consumer === late.consumer && atMs >= late.atMs && atMs < untilMs,
  );
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
