import type { MemoryInstance } from "./memory-instance.ts";

/** Says which instance alone may read a subscription. */
export class Reservation {
  #holder: MemoryInstance | undefined;

  /** See `Store.reserve`. */
  take(instance: MemoryInstance, nowMs: number): boolean {
    if (this.isOfOther(instance, nowMs)) return false;
    this.#holder = instance;
    return true;
  }

  /** Whether an instance other than this one has it, and lives. */
  isOfOther(instance: MemoryInstance, nowMs: number): boolean {
    return this.#holder !== undefined && this.#holder !== instance && !this.#holder.isGone(nowMs);
  }

  /** Ends that of an instance; says whether it had it. */
  end(instance: MemoryInstance): boolean {
    const had = this.#holder === instance;
    if (had) this.#holder = undefined;
    return had;
  }
}
