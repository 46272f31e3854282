import type { BatchHeader } from "@chappe/message";

interface Remembered {
  readonly messageId: string;
  readonly untilMs: number;
}

/** The deduplication ids that an address has seen within the window, and the messages that were stored under them. */
export class DeduplicationIds {
  readonly #windowMs: number;
  /** Oldest first. */
  readonly #ids = new Map<string, Remembered>();

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** Id of the message that was stored under a batch's deduplication id; undefined when there is none within the window. */
  originalOf(header: BatchHeader, nowMs: number): string | undefined {
    if (header.deduplicationId === "") return undefined;
    const remembered = this.#ids.get(keyOf(header));
    return remembered !== undefined && nowMs < remembered.untilMs ? remembered.messageId : undefined;
  }

  /** Notes that a batch was stored. */
  note(header: BatchHeader, messageId: string, nowMs: number): void {
    const key = keyOf(header);
    this.#ids.delete(key);
    this.#ids.set(key, { messageId, untilMs: nowMs + this.#windowMs });
    this.forgetOld(nowMs);
  }

  /** Forgets a batch's deduplication id, if this message was the one that was stored under it. */
  free(header: BatchHeader, messageId: string): void {
    const key = keyOf(header);
    if (this.#ids.get(key)?.messageId === messageId) this.#ids.delete(key);
  }

  /** Forgets the ids whose window is over. */
  forgetOld(nowMs: number): void {
    for (const [key, { untilMs }] of this.#ids) {
      if (nowMs < untilMs) break;
      this.#ids.delete(key);
    }
  }

  /** How many are remembered. */
  get size(): number {
    return this.#ids.size;
  }
}

/** A sender's name has no "/". */
function keyOf({ sender, deduplicationId }: BatchHeader): string {
  return `${sender}/${deduplicationId}`;
}
