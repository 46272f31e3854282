import { checkCredit } from "./check-credit.ts";
import { checkDeadLetters } from "./check-dead-letters.ts";
import { checkDeliveryTimes } from "./check-delivery-times.ts";
import { checkDrained } from "./check-drained.ts";
import { checkDuplicates } from "./check-duplicates.ts";
import { checkEnds } from "./check-ends.ts";
import { checkEpochs } from "./check-epochs.ts";
import { checkForeign } from "./check-foreign.ts";
import { checkKeyOrder } from "./check-key-order.ts";
import { checkLost } from "./check-lost.ts";
import { checkOrder } from "./check-order.ts";
import { checkReceipts } from "./check-receipts.ts";
import { checkRejected } from "./check-rejected.ts";
import type { RunHistory } from "./run-history.ts";
import type { Violation } from "./violation.ts";

/** Every invariant there is. */
const CHECKS = [
  checkLost,
  checkDuplicates,
  checkOrder,
  checkKeyOrder,
  checkDeliveryTimes,
  checkReceipts,
  checkRejected,
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
