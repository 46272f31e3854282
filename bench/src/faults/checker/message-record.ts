import {
  type Acked,
  type Delivered,
  type HistoryEvent,
  keyText,
  readerText,
  type Sent,
  type Settled,
} from "../history/history-event.ts";

/** Everything that happened to one message. */
export interface MessageRecord {
  readonly key: string;
  readonly address: string;
  sent?: Sent;
  /** Its first receipt. */
  acked?: Acked;
  /** Its receipts, once for each time that it was sent. */
  readonly acks: Acked[];
  /** In the order of time, by reader. */
  readonly deliveries: Map<string, Delivered[]>;
  readonly settlements: Map<string, Settled[]>;
}

/** Gathers a history by message. @param events in the order of time */
export function recordsOf(events: readonly HistoryEvent[]): Map<string, MessageRecord> {
  const records = new Map<string, MessageRecord>();
  for (const event of events) {
    if (event.kind === "told" || event.kind === "wiped" || event.kind === "ended") continue;
    const key = keyText(event);
    let record = records.get(key);
    if (record === undefined) {
      record = { key, address: event.address, acks: [], deliveries: new Map(), settlements: new Map() };
      records.set(key, record);
    }
    if (event.kind === "sent") record.sent = event;
    else if (event.kind === "acked") {
      record.acked ??= event;
      record.acks.push(event);
    } else if (event.kind === "delivered") push(record.deliveries, event);
    else if (event.kind === "settled") push(record.settlements, event);
  }
  return records;
}

/** Whether a reader has handled a message: it told so, and was not refused. */
export function isHandled({ settlements }: MessageRecord, reader: string): boolean {
  let open = 0;
  for (const { outcome, counted } of settlements.get(reader) ?? []) {
    if (outcome !== "ack" || counted === true) continue;
    open += counted === false ? -1 : 1;
  }
  return open > 0;
}

function push<Each extends Delivered | Settled>(lists: Map<string, Each[]>, each: Each): void {
  const reader = readerText(each.address, each.subscription);
  const list = lists.get(reader);
  if (list === undefined) lists.set(reader, [each]);
  else list.push(each);
}
