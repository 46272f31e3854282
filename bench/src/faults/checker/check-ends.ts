import type { RunHistory } from "./run-history.ts";
import type { Violation } from "./violation.ts";

/** What poison kills its program by. */
export const POISON_KILLS_BY = "SIGKILL";

/** Programs end when they are ended, or when they handle poison that kills; by nothing else. */
export function checkEnds({ events, records }: RunHistory): Violation[] {
  const poisoned = new Set<string>();
  for (const { sent, deliveries } of records.values()) {
    if (sent?.poison !== "kill") continue;
    for (const { consumer } of [...deliveries.values()].flat()) poisoned.add(consumer);
  }
  return events.flatMap((event): Violation[] => {
    if (event.kind !== "ended" || (event.how === POISON_KILLS_BY && poisoned.has(event.program))) return [];
    return [{ invariant: "crashed", what: `${event.program} ended by itself: ${event.how}`, events: [event] }];
  });
}
