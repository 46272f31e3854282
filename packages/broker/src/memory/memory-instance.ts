/**
 * How one instance of the memory store stands.
 *
 * - `alive` → `silent` (it was suspended) → `alive` (it was resumed)
 * - `alive` or `silent` → `killed`, without a word; its calls fail
 * - any → `closed`, which gives back at once what it owned
 */
type InstanceState =
  | { readonly kind: "alive" }
  | { readonly kind: "silent"; readonly sinceMs: number }
  | { readonly kind: "killed"; readonly sinceMs: number }
  | { readonly kind: "closed" };

/** One owner of entries. */
export class MemoryInstance {
  readonly name: string;
  readonly #livenessMs: number;
  #state: InstanceState = { kind: "alive" };

  constructor(name: string, livenessMs: number) {
    this.name = name;
    this.#livenessMs = livenessMs;
  }

  /** Whether its calls are answered. A suspended instance's are: it is slow, and does not know what it has lost. */
  get answers(): boolean {
    return this.#state.kind === "alive" || this.#state.kind === "silent";
  }

  /** Whether others may have what it owns. */
  isGone(nowMs: number): boolean {
    switch (this.#state.kind) {
      case "alive":
        return false;
      case "silent":
      case "killed":
        return nowMs - this.#state.sinceMs >= this.#livenessMs;
      case "closed":
        return true;
    }
  }

  suspend(nowMs: number): void {
    if (this.#state.kind === "alive") this.#state = { kind: "silent", sinceMs: nowMs };
  }

  resume(): void {
    if (this.#state.kind === "silent") this.#state = { kind: "alive" };
  }

  kill(nowMs: number): void {
    if (this.answers) this.#state = { kind: "killed", sinceMs: nowMs };
  }

  close(): void {
    this.#state = { kind: "closed" };
  }
}
