import type { RunHistory } from "./run-history.ts";
import type { Violation } from "./violation.ts";

/** When nothing is sent any more, everything is settled in the end, and every subscription is still there. */
export function checkDrained({ readers, left }: Pick<RunHistory, "readers" | "left">): Violation[] {
  const found: Violation[] = [];
  for (const { reader } of readers) {
    const here = left.find((each) => each.reader === reader);
    if (here?.depth === 0 && here.pending === 0 && here.delayed === 0) continue;
    const what =
      here === undefined
        ? `${reader} is gone`
        : `${reader} has a depth of ${here.depth}, ${here.pending} pending entries and ${here.delayed} delayed messages though all was handled`;
    found.push({ invariant: "unsettled", what, events: [] });
  }
  return found;
}
