/** A queue with constant cost for each operation, amortised; `Array.prototype.shift` may move every element. */
export class Fifo<Item> {
  #items: (Item | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  /** The oldest item. */
  peek(): Item | undefined {
    return this.#items[this.#head];
  }

  /** Takes the oldest item. */
  shift(): Item | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head++] = undefined;
    if (this.#head === this.#items.length) {
      this.#items.length = 0;
      this.#head = 0;
    } else if (this.#head >= 1024 && this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** Every item, oldest first. */
  *[Symbol.iterator](): Generator<Item> {
    for (let at = this.#head; at < this.#items.length; at++) yield this.#items[at] as Item;
  }

  /** Takes every item, oldest first. */
  drain(): Item[] {
    const items = this.#items.slice(this.#head) as Item[];
    this.#items = [];
    this.#head = 0;
    return items;
  }
}
