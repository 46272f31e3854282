import type { PendingBatch } from "./pending-batch.ts";
import type { Producer } from "./producer.ts";

/** A batch as it stands in a frame. */
export interface SentBatch {
  readonly producer: Producer;
  readonly batch: PendingBatch;
  /** {@link PendingBatch.attempt} at that time: an answer to an attempt before the last says nothing about the last. */
  readonly attempt: number;
}

interface Frame {
  /** Undefined once answered. */
  readonly sent: (SentBatch | undefined)[];
  readonly sentMs: number;
  unanswered: number;
}

/** The frames of one publish stream that the router has not fully answered. */
export class InFlightFrames {
  /** In order of their numbers: a Map iterates in order of insertion. */
  readonly #frames = new Map<number, Frame>();
  #lastNumber = 0;

  get count(): number {
    return this.#frames.size;
  }

  /** When the oldest was sent; undefined when there is none. */
  get oldestMs(): number | undefined {
    for (const frame of this.#frames.values()) return frame.sentMs;
    return undefined;
  }

  /** Notes a frame that goes out now. Returns its number. */
  add(sent: readonly SentBatch[], nowMs: number): number {
    this.#frames.set(++this.#lastNumber, { sent: [...sent], sentMs: nowMs, unanswered: sent.length });
    return this.#lastNumber;
  }

  /** Notes an answer. Returns what it is about; undefined when nothing waits for it. */
  answer(number: number, index: number): SentBatch | undefined {
    const frame = this.#frames.get(number);
    const sent = frame?.sent[index];
    if (frame === undefined || sent === undefined) return undefined;
    frame.sent[index] = undefined;
    if (--frame.unanswered === 0) this.#frames.delete(number);
    return sent;
  }

  /** Takes all that is unanswered, in the order it was sent. */
  drain(): SentBatch[] {
    const unanswered = [...this.#frames.values()].flatMap((frame) => frame.sent.filter((sent) => sent !== undefined));
    this.#frames.clear();
    return unanswered;
  }
}
