import { STOOD_STILL, type HistoryEvent } from "../history/history-event.ts";

/** A time in which a program did nothing at all: it was frozen, or its event loop was blocked. */
export interface Standstill {
  readonly fromMs: number;
  readonly toMs: number;
}

/** When each program stood still, by its name, as it noticed itself when it went on. */
export function standstillsOf(events: readonly HistoryEvent[]): Map<string, Standstill[]> {
  const standstills = new Map<string, Standstill[]>();
  for (const event of events) {
    if (event.kind !== "told" || event.status !== STOOD_STILL) continue;
    const { fromMs } = JSON.parse(event.detail) as { fromMs: number };
    const list = standstills.get(event.program);
    if (list === undefined) standstills.set(event.program, [{ fromMs, toMs: event.atMs }]);
    else list.push({ fromMs, toMs: event.atMs });
  }
  return standstills;
}
