import { setTimeout as delay } from "node:timers/promises";
import { historyNowMs } from "../history/history-event.ts";

/** Conditions ask servers, or read histories: more often, and the run would take the machine from those that it watches. */
const LOOK_MS = 50;

/** Waits for a condition, which may reject until then. @returns whether it came true in time */
export async function comesTrue(condition: () => Promise<boolean>, deadlineMs: number): Promise<boolean> {
  const untilMs = historyNowMs() + deadlineMs;
  for (;;) {
    if (await condition().catch(() => false)) return true;
    if (historyNowMs() > untilMs) return false;
    await delay(LOOK_MS);
  }
}
