import type { Range } from "./store.ts";

/**
 * Which of `size` messages are marked. A batch is nearly always marked whole or from the front, so nothing is allocated
 * until a mark falls elsewhere.
 */
export class Marks {
  readonly size: number;
  /** Messages 0 … front-1 are marked. */
  #front = 0;
  /** Marks of single messages, made when one falls behind a gap. */
  #flags: Uint8Array | undefined;
  #count = 0;

  constructor(size: number) {
    this.size = size;
  }

  /** How many are marked. */
  get count(): number {
    return this.#count;
  }

  get full(): boolean {
    return this.#count === this.size;
  }

  /** Whether any message of the range is marked. */
  any(from: number, to: number): boolean {
    if (from < this.#front) return true;
    if (this.#flags === undefined) return false;
    for (let index = from; index < to; index++) if (this.#flags[index] === 1) return true;
    return false;
  }

  /** Marks a range of which no message is marked yet. */
  add(from: number, to: number): void {
    this.#count += to - from;
    if (this.#flags === undefined) {
      if (from === this.#front) {
        this.#front = to;
        return;
      }
      this.#flags = new Uint8Array(this.size);
      this.#flags.fill(1, 0, this.#front);
    }
    this.#flags.fill(1, from, to);
  }

  /** The marked messages, as ascending ranges that do not touch. */
  ranges(): Range[] {
    return this.#runs(1);
  }

  /** The messages not marked, as ascending ranges that do not touch. */
  gaps(): Range[] {
    return this.#runs(0);
  }

  #runs(wanted: 0 | 1): Range[] {
    const flags = this.#flags;
    if (flags === undefined) {
      const run = wanted === 1 ? { from: 0, to: this.#front } : { from: this.#front, to: this.size };
      return run.from === run.to ? [] : [run];
    }
    const runs: Range[] = [];
    for (let index = 0; index < this.size; ) {
      const from = index;
      while (index < this.size && flags[index] === wanted) index++;
      if (index > from) runs.push({ from, to: index });
      else index++;
    }
    return runs;
  }
}
