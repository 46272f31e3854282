import type { Durability } from "@chappe/message";
import { Fifo } from "./fifo.ts";
import type { SentBatch } from "./in-flight-frames.ts";
import type { Producer } from "./producer.ts";

/** Batches that can travel in one frame. */
export interface FrameLoad {
  readonly durability: Durability;
  readonly sent: readonly SentBatch[];
}

/** A frame is closed when it has this many bytes of records, or this many batches. */
export interface FrameLimits {
  readonly bytes: number;
  readonly batches: number;
}

/**
 * The producers that have something to send, in line. Each gives one batch in its turn, so that a busy address does not
 * hold up a quiet one.
 */
export class SendLine {
  readonly #limits: FrameLimits;
  readonly #producers = new Fifo<Producer>();

  constructor(limits: FrameLimits) {
    this.#limits = limits;
  }

  get isEmpty(): boolean {
    return this.#producers.length === 0;
  }

  /** Puts a producer in line, unless it stands there or is held back. */
  join(producer: Producer): void {
    if (producer.isQueued || producer.isHeld) return;
    producer.isQueued = true;
    this.#producers.push(producer);
  }

  /** Lets a producer send nothing for now. */
  hold(producer: Producer): void {
    producer.isHeld = true;
  }

  /** Lets a producer that was held back send again. */
  release(producer: Producer): void {
    producer.isHeld = false;
    if (producer.hasDue) this.join(producer);
  }

  /** Takes batches for one frame; undefined when there is nothing to send. */
  takeFrame(): FrameLoad | undefined {
    const sent: SentBatch[] = [];
    let durability: Durability | undefined;
    let bytes = 0;
    while (bytes < this.#limits.bytes && sent.length < this.#limits.batches) {
      const producer = this.#producers.peek();
      if (producer === undefined) break;
      if (durability !== undefined && durability !== producer.identity.durability) break;
      this.#producers.shift();
      producer.isQueued = false;
      const batch = producer.isHeld ? undefined : producer.next();
      // Who has nothing to give has no say in the durability.
      if (batch === undefined) continue;
      durability = producer.identity.durability;
      sent.push({ producer, batch, attempt: batch.attempt });
      bytes += batch.bytes;
      if (producer.hasDue) this.join(producer);
    }
    return durability === undefined ? undefined : { durability, sent };
  }
}
