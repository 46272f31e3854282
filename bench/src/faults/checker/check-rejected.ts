import type { RunHistory } from "./run-history.ts";
import type { Violation } from "./violation.ts";

/** No send rejects: each fault is over, and recovered from, before a send is given up. */
export function checkRejected({ events }: RunHistory): Violation[] {
  return events.flatMap((event): Violation[] =>
    event.kind === "send-failed"
      ? [{ invariant: "rejected", what: `a send of ${event.sender} to ${event.address} rejected`, events: [event] }]
      : [],
  );
}
