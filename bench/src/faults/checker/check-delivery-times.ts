import type { RunHistory } from "./run-history.ts";
import type { Violation } from "./violation.ts";

/** Clocks that go by themselves, Redis' and that of histories, may drift apart by so much in a run, milliseconds. */
const DRIFT_MS = 5;

/** A delayed message does not come before its time. */
export function checkDeliveryTimes({ records }: RunHistory): Violation[] {
  return [...records.values()].flatMap(({ key, sent, deliveries }): Violation[] => {
    const notBeforeMs = sent?.notBeforeMs ?? 0;
    const early = [...deliveries.values()].flat().find(({ atMs }) => atMs < notBeforeMs - DRIFT_MS);
    if (early === undefined || sent === undefined) return [];
    const what = `${key} came ${(notBeforeMs - early.atMs).toFixed(1)} ms before its time`;
    return [{ invariant: "too-early", what, events: [sent, early] }];
  });
}
