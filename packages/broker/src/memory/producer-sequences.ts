import { type Batch, ChappeError } from "@chappe/message";

/** A producer silent for this long is forgotten; its next batch then shows a gap, and its client starts anew. */
const FORGET_AFTER_MS = 3_600_000;

/** How exactly the time of the last batch is known. Noting it on every batch would move the producer in the map each time. */
const SEEN_WITHIN_MS = 60_000;

interface Producer {
  sequence: number;
  readonly seenMs: number;
}

/** How a batch stands to those its producer had stored before. */
export type SequenceVerdict =
  | { readonly kind: "next" }
  | { readonly kind: "duplicate" }
  | { readonly kind: "gap"; readonly error: ChappeError };

/** The last sequence of each producer of one address. */
export class ProducerSequences {
  /** Least recently seen first. */
  readonly #producers = new Map<string, Producer>();

  /** Compares a batch with what its producer had stored. A batch without a producer is always next. */
  judge({ header }: Batch): SequenceVerdict {
    if (header.producerId.length === 0) return { kind: "next" };
    const last = this.#producers.get(keyOf(header.producerId))?.sequence ?? 0;
    if (header.sequence === last + 1) return { kind: "next" };
    if (header.sequence <= last) return { kind: "duplicate" };
    return {
      kind: "gap",
      error: new ChappeError(
        "FAILED_PRECONDITION",
        `batch ${header.sequence} of this producer would follow batch ${last}: resend from ${last + 1}, in order`,
        { expectedSequence: last + 1 },
      ),
    };
  }

  /** Notes that a batch was stored. */
  note({ header }: Batch, nowMs: number): void {
    if (header.producerId.length === 0) return;
    const key = keyOf(header.producerId);
    const producer = this.#producers.get(key);
    if (producer !== undefined && nowMs - producer.seenMs < SEEN_WITHIN_MS) {
      producer.sequence = header.sequence;
      return;
    }
    this.#producers.delete(key);
    this.#producers.set(key, { sequence: header.sequence, seenMs: nowMs });
    this.#forgetSilent(nowMs);
  }

  #forgetSilent(nowMs: number): void {
    for (const [key, { seenMs }] of this.#producers) {
      if (nowMs - seenMs < FORGET_AFTER_MS) break;
      this.#producers.delete(key);
    }
  }
}

function keyOf(producerId: Uint8Array): string {
  return Buffer.from(producerId.buffer, producerId.byteOffset, producerId.length).toString("latin1");
}
