/** A queue whose items also have a position: 0, 1, 2, … in order of arrival, for ever. Each operation is O(1), amortised. */
export class Fifo<Item> {
  #items: (Item | undefined)[] = [];
  #head = 0;
  #start = 0;

  /** Position of the oldest item still here; of the next to come when there is none. */
  get start(): number {
    return this.#start;
  }

  /** Position of the next item to come. */
  get end(): number {
    return this.#start + this.length;
  }

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  /** The item at a position, if it is here. */
  at(position: number): Item | undefined {
    return position < this.#start ? undefined : this.#items[this.#head + position - this.#start];
  }

  /** Takes the oldest item. */
  shift(): Item | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head++] = undefined;
    this.#start++;
    // Cut off in large pieces: moving a million items for each one taken is what Array.prototype.shift may do.
    if (this.#head >= 1024 && this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** Up to `limit` items, oldest first. */
  first(limit: number): Item[] {
    return this.#items.slice(this.#head, this.#head + limit) as Item[];
  }
}
