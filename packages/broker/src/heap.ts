/** A binary heap: the least item first, by `compare`. */
export class Heap<Item> {
  readonly #items: Item[] = [];
  readonly #compare: (a: Item, b: Item) => number;

  constructor(compare: (a: Item, b: Item) => number) {
    this.#compare = compare;
  }

  get length(): number {
    return this.#items.length;
  }

  /** The least item. */
  peek(): Item | undefined {
    return this.#items[0];
  }

  /** All of them, in no order. */
  [Symbol.iterator](): IterableIterator<Item> {
    return this.#items.values();
  }

  clear(): void {
    this.#items.length = 0;
  }

  push(item: Item): void {
    const items = this.#items;
    let place = items.length;
    items.push(item);
    while (place > 0) {
      const parent = (place - 1) >>> 1;
      if (this.#compare(items[parent] as Item, item) <= 0) break;
      items[place] = items[parent] as Item;
      place = parent;
    }
    items[place] = item;
  }

  /** Takes the least item. */
  pop(): Item | undefined {
    const items = this.#items;
    const least = items[0];
    const last = items.pop();
    if (items.length > 0) this.#sink(last as Item);
    return least;
  }

  #sink(item: Item): void {
    const items = this.#items;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && this.#compare(items[child + 1] as Item, items[child] as Item) < 0) child++;
      if (this.#compare(item, items[child] as Item) <= 0) break;
      items[place] = items[child] as Item;
      place = child;
    }
    items[place] = item;
  }
}
