interface Waiting<Item> {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Sends items in bulks: one bulk is under way at a time, and whatever came meanwhile, up to a limit, is the next. So an
 * item that comes alone waits for nothing, and many share a round trip.
 */
export class BulkQueue<Item> {
  readonly #sendBulk: (items: readonly Item[]) => Promise<unknown>;
  readonly #most: number;
  #waiting: Waiting<Item>[] = [];
  #busy = false;

  /** @param most items of one bulk */
  constructor(most: number, sendBulk: (items: readonly Item[]) => Promise<unknown>) {
    this.#most = most;
    this.#sendBulk = sendBulk;
  }

  /** Resolves when the bulk that holds the item is answered, or rejects as it does. */
  send(item: Item): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (this.#busy) return;
      this.#busy = true;
      // What else this turn of the event loop brings goes along.
      queueMicrotask(() => void this.#drain());
    });
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const bulk = this.#waiting.splice(0, this.#most);
      try {
        await this.#sendBulk(bulk.map(({ item }) => item));
        for (const { resolve } of bulk) resolve();
      } catch (error) {
        for (const { reject } of bulk) reject(error);
      }
    }
    this.#busy = false;
  }
}
