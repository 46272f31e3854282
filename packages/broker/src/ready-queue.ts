import type { HeldEntry } from "./held-entry.ts";

/** Messages `from` … `to`-1 of an entry, waiting for a consumer. */
export interface Slice {
  readonly held: HeldEntry;
  readonly from: number;
  readonly to: number;
  /** A consumer has had it in its hands, and gave it back. */
  readonly wasHeld?: true;
}

/** What is owned and not handed out, oldest first. */
export class ReadyQueue {
  #slices: (Slice | undefined)[] = [];
  #head = 0;
  #messages = 0;
  #bytes = 0;

  /** Messages waiting. */
  get messages(): number {
    return this.#messages;
  }

  /** Their bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The oldest slice, if any. */
  peek(): Slice | undefined {
    return this.#slices[this.#head];
  }

  /** Adds a slice younger than all others. */
  push(slice: Slice): void {
    this.#slices.push(slice);
    this.#count(slice, 1);
  }

  /** Takes the first `count` messages of the oldest slice. */
  take(count: number): Slice {
    const slice = this.#slices[this.#head] as Slice;
    const taken = count === slice.to - slice.from ? slice : { ...slice, to: slice.from + count };
    if (taken === slice) this.#dropHead();
    else this.#slices[this.#head] = { ...slice, from: taken.to };
    this.#count(taken, -1);
    return taken;
  }

  /** Takes the oldest slice out, and gives its first `count` messages. */
  takeAlone(count: number): Slice {
    const slice = this.#slices[this.#head] as Slice;
    this.#dropHead();
    this.#count(slice, -1);
    return { ...slice, to: slice.from + count };
  }

  /** Puts a slice that was handed out back to its place in the order. */
  putBack(slice: Slice): void {
    const place = this.#placeOf(slice);
    if (place === this.#head && this.#head > 0) this.#slices[--this.#head] = slice;
    else this.#slices.splice(place, 0, slice);
    this.#count(slice, 1);
  }

  /** Takes out every slice, oldest first. */
  clear(): Slice[] {
    const slices = this.#slices.slice(this.#head) as Slice[];
    this.#slices = [];
    this.#head = 0;
    this.#messages = 0;
    this.#bytes = 0;
    return slices;
  }

  /** Takes out every slice of an entry. */
  remove(held: HeldEntry): void {
    for (const slice of this.clear()) if (slice.held !== held) this.push(slice);
  }

  /** Found by halves: a consumer that leaves may give back a hundred thousand slices at once. */
  #placeOf(slice: Slice): number {
    let from = this.#head;
    let to = this.#slices.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (isBefore(this.#slices[middle] as Slice, slice)) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  #dropHead(): void {
    this.#slices[this.#head++] = undefined;
    // Cutting the emptied front off now and then keeps both the array short and the cost per slice constant.
    if (this.#head > 64 && this.#head * 2 > this.#slices.length) {
      this.#slices = this.#slices.slice(this.#head);
      this.#head = 0;
    }
  }

  #count(slice: Slice, sign: 1 | -1): void {
    this.#messages += sign * (slice.to - slice.from);
    this.#bytes += sign * slice.held.bytes(slice.from, slice.to);
  }
}

function isBefore(a: Slice, b: Slice): boolean {
  return a.held.order < b.held.order || (a.held === b.held && a.from < b.from);
}
