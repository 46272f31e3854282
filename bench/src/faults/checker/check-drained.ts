import type { RunHistory } from "./run-history.ts";
import type { Violation } from "./violation.ts";

/** When nothing is sent any more, everything is settled in the end. */
export function checkDrained({ left }: RunHistory): Violation[] {
  return left
    .filter(({ depth, pending }) => depth > 0 || pending > 0)
    .map(({ reader, depth, pending }) => ({
      invariant: "unsettled",
      what: `${reader} has a depth of ${depth} and ${pending} pending entries though all was handled`,
      events: [],
    }));
}
