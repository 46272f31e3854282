import type { Verdict } from "../end-to-end/order-checker.ts";
import { readBodyNumber } from "./body-number.ts";
import { SequenceSet } from "./sequence-set.ts";

/** What has arrived of a load, held to what its tool was told is stored. */
export class LoadArrivals {
  readonly #bodyBytes: number;
  /** By worker. */
  readonly #seen: SequenceSet[] = [];
  #count = 0;
  #duplicates = 0;

  constructor(bodyBytes: number) {
    this.#bodyBytes = bodyBytes;
  }

  /** Messages so far, those that came again included. */
  get count(): number {
    return this.#count;
  }

  /** Notes a message. One that is not as it was sent is only counted, and so lost. */
  note(body: Uint8Array): void {
    this.#count++;
    const number = body.length === this.#bodyBytes ? readBodyNumber(body) : undefined;
    if (number === undefined) return;
    const isNew = (this.#seen[number.worker] ??= new SequenceSet()).add(number.sequence);
    if (isNew === false) this.#duplicates++;
  }

  /**
   * What became of the messages. No order is promised among calls that are under way at the same time, so none is
   * looked for.
   *
   * @param stored how many messages of each worker were answered as stored: its first ones
   */
  verdict(stored: readonly number[]): Verdict {
    const nothing = new SequenceSet();
    const missing = stored.map((count, worker) => (this.#seen[worker] ?? nothing).missingOf(count));
    return {
      received: this.#count,
      lost: missing.reduce((sum, count) => sum + count, 0),
      duplicates: this.#duplicates,
      outOfOrder: 0,
    };
  }
}
