import type { RunHistory } from "./run-history.ts";
import type { Violation } from "./violation.ts";

/** No consumer holds more messages than it has granted. */
export function checkCredit({ events }: RunHistory): Violation[] {
  return events.flatMap((event): Violation[] =>
    event.kind === "delivered" && event.held > event.credit
      ? [
          {
            invariant: "credit-exceeded",
            what: `${event.consumer} held ${event.held} messages and had granted ${event.credit}`,
            events: [event],
          },
        ]
      : [],
  );
}
