import { epochsOf } from "./epochs.ts";
import { isHandled, type MessageRecord } from "./message-record.ts";
import type { RunHistory } from "./run-history.ts";
import type { Violation } from "./violation.ts";

/**
 * Whatever had gone wrong, a message is handled within this after its acknowledgement, milliseconds: each fault is recovered
 * from within 45 s. What was older when Redis was emptied had been lost before.
 */
const HANDLED_WITHIN_MS = 60_000;

/**
 * What was acknowledged so shortly before Redis lost it, milliseconds, its sender sends again, if it heals and lives: it keeps it
 * for 10 s, and may need most of them to notice.
 */
const HEALED_MS = 2_000;

/** A message that was acknowledged, and that a reader never handled. */
interface Loss {
  readonly record: MessageRecord;
  readonly reader: string;
}

/** Acknowledged messages that were never handled, apart by whether Redis was emptied of them. */
export interface Losses {
  readonly lost: readonly Loss[];
  /** Their receipts name a history that a wipe ended, when they were young enough to be unread still. */
  readonly byWipe: readonly Loss[];
}

/**
 * Finds what was acknowledged and is not handled: it never came, or came to a consumer that died with it and never again,
 * and is no dead letter either.
 */
export function findLosses(history: RunHistory): Losses {
  const { readers, records, wipesMs, dead } = history;
  const dying = new Set(dead.map(({ reader, key }) => `${reader} ${key}`));
  const endedEpochs = new Set(readers.flatMap(({ address }) => epochsOf(history, address).slice(0, -1)));
  const losses: { lost: Loss[]; byWipe: Loss[] } = { lost: [], byWipe: [] };
  for (const record of records.values()) {
    if (record.acked === undefined) continue;
    for (const { reader, address } of readers) {
      if (address !== record.address || isHandled(record, reader) || dying.has(`${reader} ${record.key}`)) continue;
      const isByWipe =
        endedEpochs.has(record.acked.epoch) &&
        wipesMs.some((atMs) => wasHeldAt(atMs, record) && !isHealed(atMs, record, history));
      (isByWipe ? losses.byWipe : losses.lost).push({ record, reader });
    }
  }
  return losses;
}

/**
 * Whether Redis may have held a message at some moment, unhandled. Nobody knows when it was stored, but between the two; and
 * poison stays, as a dead letter.
 */
function wasHeldAt(atMs: number, { sent, acked }: MessageRecord): boolean {
  if (sent === undefined || acked === undefined || atMs < sent.atMs) return false;
  return sent.poison !== undefined || atMs < acked.atMs + HANDLED_WITHIN_MS;
}

/** Whether its sender must have sent it again after Redis was emptied: it kept it, and went on, whatever was refused meanwhile. */
function isHealed(atMs: number, { sent, acked, address }: MessageRecord, { events }: RunHistory): boolean {
  if (sent?.heals !== true || acked === undefined || acked.atMs < atMs - HEALED_MS) return false;
  return events.some(
    (event) =>
      event.kind === "acked" &&
      event.atMs > atMs &&
      event.sender === sent.sender &&
      event.address === address &&
      event.sequence > sent.sequence &&
      event.epoch !== acked.epoch,
  );
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
