import { historyNowMs, STOOD_STILL } from "../history/history-event.ts";
import type { HistoryWriter } from "../history/history-writer.ts";

const TICK_MS = 200;
/** A program that is late by more was frozen, or blocked. */
const LATE_MS = 800;

/** Writes down when this program has stood still, before it reads what came meanwhile: timers go first. */
export function watchStandstills(program: string, history: HistoryWriter): void {
  let fromMs = historyNowMs();
  const timer = setInterval(() => {
    const atMs = historyNowMs();
    if (atMs - fromMs > TICK_MS + LATE_MS) {
      history.write({ kind: "told", atMs, program, status: STOOD_STILL, detail: JSON.stringify({ fromMs }) });
    }
    fromMs = atMs;
  }, TICK_MS);
  timer.unref();
}
