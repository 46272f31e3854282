import { checkCredit } from "./check-credit.ts";
import { checkDeadLetters } from "./check-dead-letters.ts";
import { checkDrained } from "./check-drained.ts";
import { checkDuplicates } from "./check-duplicates.ts";
import { checkEnds } from "./check-ends.ts";
import { checkEpochs } from "./check-epochs.ts";
import { checkForeign } from "./check-foreign.ts";
import { checkLost } from "./check-lost.ts";
import { checkOrder } from "./check-order.ts";
import type { RunHistory } from "./run-history.ts";
import type { Violation } from "./violation.ts";

/** Every invariant there is. */
const CHECKS = [
  checkLost,
  checkDuplicates,
  checkOrder,
  checkCredit,
  checkForeign,
  checkDeadLetters,
  checkDrained,
  checkEpochs,
  checkEnds,
] as const satisfies readonly ((history: RunHistory) => Violation[])[];

/** All that broke in a run. */
export function checkHistory(history: RunHistory): Violation[] {
  return CHECKS.flatMap((check) => check(history));
}
