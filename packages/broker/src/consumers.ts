import type { Credit } from "./broker.ts";
import type { Consumer } from "./consumer.ts";
import type { Slice } from "./ready-queue.ts";

/** The consumers of one subscription at one broker: whose turn it is, and how much that one gets. */
export class Consumers {
  readonly #all: Consumer[] = [];
  readonly #singleActive: boolean;
  #turn = 0;

  /** @param singleActive one consumer at a time is handed messages, the one that came first */
  constructor(singleActive: boolean) {
    this.#singleActive = singleActive;
  }

  /** In the order in which they came. */
  get all(): readonly Consumer[] {
    return this.#all;
  }

  add(consumer: Consumer): void {
    this.#all.push(consumer);
  }

  /** Whether it was there. */
  remove(consumer: Consumer): boolean {
    const place = this.#all.indexOf(consumer);
    if (place !== -1) this.#all.splice(place, 1);
    return place !== -1;
  }

  /** What they may still be handed, all together. */
  get credit(): Credit {
    let messages = 0;
    let bytes = 0;
    for (const consumer of this.served) {
      if (!consumer.hungry) continue;
      const { credit } = consumer;
      messages += credit.messages;
      bytes += credit.bytes;
    }
    return { messages, bytes };
  }

  /** The next consumer in turn whose credit covers something, and how much of the slice it gets. */
  choose(slice: Slice): { consumer: Consumer; count: number } | undefined {
    const consumers = this.served;
    for (let step = 0; step < consumers.length; step++) {
      const consumer = consumers[(this.#turn + step) % consumers.length] as Consumer;
      const fits = consumer.fits(slice);
      if (fits === 0) continue;
      this.#turn = (this.#turn + step + 1) % consumers.length;
      return { consumer, count: Math.min(fits, this.#share(slice)) };
    }
    return undefined;
  }

  /** A batch is divided among the consumers that wait, so that one does not sit idle beside another's thousand. */
  #share(slice: Slice): number {
    const consumers = this.served;
    const size = slice.to - slice.from;
    if (consumers.length === 1 || slice.held.isOrdered) return size;
    const waiting = consumers.filter((consumer) => consumer.hungry).length;
    return Math.ceil(size / Math.max(1, waiting));
  }

  /** Those that may be handed something. */
  get served(): readonly Consumer[] {
    if (!this.#singleActive) return this.#all;
    // One that drains is the one until it has settled what it holds.
    return this.#all.filter(({ draining, held }) => !draining || held.size > 0).slice(0, 1);
  }
}
