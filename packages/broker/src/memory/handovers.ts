import type { MemoryInstance } from "./memory-instance.ts";
import type { Place } from "./place.ts";

/** Places that went over to an instance which was not told yet. */
export class Handovers {
  readonly #handed = new Map<MemoryInstance, Set<Place>>();

  add(instance: MemoryInstance, place: Place): void {
    let handed = this.#handed.get(instance);
    if (handed === undefined) this.#handed.set(instance, (handed = new Set()));
    handed.add(place);
  }

  /** The next one for an instance, of those that it still owns. */
  next(instance: MemoryInstance, owns: (place: Place) => boolean): Place | undefined {
    const handed = this.#handed.get(instance) ?? [];
    for (const place of handed) {
      this.#handed.get(instance)?.delete(place);
      if (owns(place)) return place;
    }
    this.#handed.delete(instance);
    return undefined;
  }

  forget(instance: MemoryInstance): void {
    this.#handed.delete(instance);
  }

  clear(): void {
    this.#handed.clear();
  }
}
