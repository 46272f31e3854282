import { Heap } from "../heap.ts";
import type { StoredPart } from "./stored-part.ts";

interface Delayed {
  readonly key: string;
  readonly dueMs: number;
  /** Gone when the message was taken back. */
  part: StoredPart | undefined;
}

/** So many taken back, and more than are left, make the heap worth building anew. */
const MANY_TAKEN_BACK = 64;

/** The messages of one address that wait for their time, by sender and id. */
export class DelayedMessages {
  #heap = emptyHeap();
  readonly #byKey = new Map<string, Delayed>();

  /** How many wait. */
  get count(): number {
    return this.#byKey.size;
  }

  has(key: string): boolean {
    return this.#byKey.has(key);
  }

  /** Those of all that wait. */
  keys(): string[] {
    return [...this.#byKey.keys()];
  }

  add(key: string, dueMs: number, part: StoredPart): void {
    const delayed = { key, dueMs, part };
    this.#byKey.set(key, delayed);
    this.#heap.push(delayed);
  }

  /** Takes a message back, if it waits. */
  cancel(key: string): StoredPart | undefined {
    const delayed = this.#byKey.get(key);
    if (delayed === undefined) return undefined;
    this.#byKey.delete(key);
    const { part } = delayed;
    delayed.part = undefined;
    if (this.#heap.length > 2 * this.#byKey.size + MANY_TAKEN_BACK) this.#rebuild();
    return part;
  }

  /** Takes the message that is due first, if it is. */
  takeDue(nowMs: number): StoredPart | undefined {
    const first = this.#first();
    if (first === undefined || first.dueMs > nowMs) return undefined;
    this.#heap.pop();
    this.#byKey.delete(first.key);
    return first.part;
  }

  /** When the next one falls due. */
  get nextDueMs(): number | undefined {
    return this.#first()?.dueMs;
  }

  #first(): Delayed | undefined {
    while (this.#heap.length > 0 && this.#heap.peek()?.part === undefined) this.#heap.pop();
    return this.#heap.peek();
  }

  #rebuild(): void {
    this.#heap = emptyHeap();
    for (const delayed of this.#byKey.values()) this.#heap.push(delayed);
  }
}

function emptyHeap(): Heap<Delayed> {
  return new Heap((a, b) => a.dueMs - b.dueMs);
}
