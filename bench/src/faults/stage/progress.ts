import { setTimeout as delay } from "node:timers/promises";
import { type HistoryEvent, historyNowMs, keyText, readerText } from "../history/history-event.ts";

const LOOK_MS = 50;

/** Follows the histories while the run goes on. */
export class Progress {
  readonly #read: () => readonly HistoryEvent[];
  readonly #sentAtMs = new Map<string, number>();
  /** When what was last acked, or delivered, had been sent: by sender and address, and by reader. */
  readonly #newestAcked = new Map<string, number>();
  readonly #newestDelivered = new Map<string, number>();
  /** All that has happened. */
  readonly events: HistoryEvent[] = [];

  /** @param read what has happened since the last call */
  constructor(read: () => readonly HistoryEvent[]) {
    this.#read = read;
  }

  /** In the order of time: what was delivered may be read before its sender's history. */
  look(): void {
    for (const event of this.#read().toSorted((one, other) => one.atMs - other.atMs)) this.#note(event);
  }

  /**
   * Resolves when messages sent from now on get through: from each of `senders` to each address, and to each of `readers`.
   *
   * @param senders beginnings of sender names, each with its address
   * @returns what is still missing after `deadlineMs`; nothing, when all recovered
   */
  async recovers(
    senders: readonly string[],
    readers: readonly string[],
    deadlineMs: number,
  ): Promise<readonly string[]> {
    const sinceMs = historyNowMs();
    for (;;) {
      this.look();
      const missing = [
        ...senders.filter((sender) => !isNewer(this.#newestAcked, sender, sinceMs)).map((each) => `acks of ${each}`),
        ...readers
          .filter((reader) => !isNewer(this.#newestDelivered, reader, sinceMs))
          .map((each) => `deliveries to ${each}`),
      ];
      if (missing.length === 0 || historyNowMs() - sinceMs > deadlineMs) return missing;
      await delay(LOOK_MS);
    }
  }

  #note(event: HistoryEvent): void {
    this.events.push(event);
    if (event.kind === "sent") this.#sentAtMs.set(keyText(event), event.atMs);
    if (event.kind === "acked") this.#raise(this.#newestAcked, `${slotOf(event.sender)} > ${event.address}`, event);
    if (event.kind === "delivered") {
      this.#raise(this.#newestDelivered, readerText(event.address, event.subscription), event);
    }
  }

  #raise(
    newest: Map<string, number>,
    name: string,
    event: Extract<HistoryEvent, { kind: "acked" | "delivered" }>,
  ): void {
    const sentAtMs = this.#sentAtMs.get(keyText(event)) ?? 0;
    if (sentAtMs > (newest.get(name) ?? 0)) newest.set(name, sentAtMs);
  }
}

/** sender-1.3 is the third run of sender-1. */
function slotOf(sender: string): string {
  return sender.slice(0, sender.lastIndexOf("."));
}

function isNewer(newest: ReadonlyMap<string, number>, name: string, sinceMs: number): boolean {
  return (newest.get(name) ?? 0) > sinceMs;
}
