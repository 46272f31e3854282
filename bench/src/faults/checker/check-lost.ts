import { epochsOf } from "./epochs.ts";
import { isHandled, type MessageRecord } from "./message-record.ts";
import type { RunHistory } from "./run-history.ts";
import type { Violation } from "./violation.ts";

/** A message that was acknowledged, and that a reader never handled. */
export interface Loss {
  readonly record: MessageRecord;
  readonly reader: string;
}

/** Acknowledged messages that were never handled, apart by whether Redis was emptied of them. */
export interface Losses {
  readonly lost: readonly Loss[];
  /** Their receipts name a history that a wipe ended. */
  readonly byWipe: readonly Loss[];
}

/**
 * Finds what was acknowledged and is not handled: it never came, or came to a consumer that died with it and never again,
 * and is no dead letter either.
 */
export function findLosses(history: RunHistory): Losses {
  const { readers, records, wipesMs, dead } = history;
  const dying = new Set(dead.map(({ reader, key }) => `${reader} ${key}`));
  const endedEpochs = new Set(
    wipesMs.length === 0 ? [] : readers.flatMap(({ address }) => epochsOf(history, address).slice(0, -1)),
  );
  const losses: { lost: Loss[]; byWipe: Loss[] } = { lost: [], byWipe: [] };
  for (const record of records.values()) {
    if (record.acked === undefined) continue;
    for (const { reader, address } of readers) {
      if (address !== record.address || isHandled(record, reader) || dying.has(`${reader} ${record.key}`)) continue;
      (endedEpochs.has(record.acked.epoch) ? losses.byWipe : losses.lost).push({ record, reader });
    }
  }
  return losses;
}

/** Every message whose sender was told that it is stored is handled by each reader, or ends as a dead letter. */
export function checkLost(history: RunHistory): Violation[] {
  return findLosses(history).lost.map(({ record, reader }) => ({
    invariant: "lost",
    what: `${record.key} was acknowledged, and ${reader} has not handled it`,
    events: [record.sent, record.acked, ...(record.deliveries.get(reader) ?? [])].filter(
      (event) => event !== undefined,
    ),
  }));
}
