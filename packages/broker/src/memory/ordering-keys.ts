import { FOLLOWS_NONE } from "./stored-part.ts";

/** Fewer keys than this are not worth looking through. */
const MIN_LOOKED_THROUGH = 64;

/** The last batch of each ordering key of an address, by its position, as long as somebody may have to wait for it. */
export class OrderingKeys {
  readonly #last = new Map<string, number>();
  readonly #isOpen: (position: number) => boolean;
  #lookAt = MIN_LOOKED_THROUGH;

  /** @param isOpen whether some subscription has not settled the batch at a position, or may read it again */
  constructor(isOpen: (position: number) => boolean) {
    this.#isOpen = isOpen;
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#last.size;
  }

  /** Notes that the batch at `position` has the key. Returns the position of the one before it, or {@link FOLLOWS_NONE}. */
  next(key: string, position: number): number {
    const before = this.#last.get(key) ?? FOLLOWS_NONE;
    this.#last.set(key, position);
    // Each time they have doubled: so a key costs little, and at most half of them are remembered for nothing.
    if (this.#last.size >= this.#lookAt) this.#forgetSettled(position);
    return before;
  }

  #forgetSettled(end: number): void {
    for (const [key, position] of this.#last) {
      if (position < end && !this.#isOpen(position)) this.#last.delete(key);
    }
    this.#lookAt = Math.max(MIN_LOOKED_THROUGH, 2 * this.#last.size);
  }
}
