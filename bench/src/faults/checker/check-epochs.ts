import type { HistoryEvent } from "../history/history-event.ts";
import { epochsOf } from "./epochs.ts";
import type { RunHistory } from "./run-history.ts";
import type { Violation } from "./violation.ts";

/** Each loss of history shows: in receipts, and to consumers. What was not lost is not said to be. */
export function checkEpochs(history: RunHistory): Violation[] {
  const { readers, events, wipesMs } = history;
  const found: Violation[] = [];
  for (const address of new Set(readers.map((reader) => reader.address))) {
    const seen = epochsOf(history, address).length;
    if (seen > wipesMs.length + 1) {
      const what = `${address} had ${seen} epochs, and Redis was emptied ${wipesMs.length} times`;
      found.push({ invariant: "false-alarm", what, events: [] });
    }
    const tooEarly = events.find(
      (event) => tellsOfLoss(event, address) && event.atMs < (wipesMs[0] ?? Number.POSITIVE_INFINITY),
    );
    if (tooEarly !== undefined) {
      const what = `a client was told of a loss at ${address} before there was any`;
      found.push({ invariant: "false-alarm", what, events: [tooEarly] });
    }
    for (const [index, atMs] of wipesMs.entries()) {
      const untilMs = wipesMs[index + 1] ?? Number.POSITIVE_INFINITY;
      const after = events.filter((event) => event.atMs > atMs && event.atMs < untilMs);
      const newest = after.findLast((event) => event.kind === "acked" && event.address === address);
      const before = events.findLast(
        (event) => event.kind === "acked" && event.address === address && event.atMs < atMs,
      );
      if (newest?.kind === "acked" && before?.kind === "acked" && newest.epoch === before.epoch) {
        const what = `receipts of ${address} kept their epoch though Redis came back empty`;
        found.push({ invariant: "unseen-loss", what, events: [before, newest] });
      }
      if (!after.some((event) => tellsOfLoss(event, address))) {
        const what = `nobody who reads or sends to ${address} was told that Redis came back empty`;
        found.push({ invariant: "unseen-loss", what, events: [] });
      }
    }
  }
  return found;
}

function tellsOfLoss(event: HistoryEvent, address: string): boolean {
  return event.kind === "told" && event.status === "epochChanged" && event.detail.includes(JSON.stringify(address));
}
