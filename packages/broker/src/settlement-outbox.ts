import type { Clock } from "./clock.ts";
import type { Settlement, Store, SubscriptionName } from "./store.ts";

/** What a {@link SettlementOutbox} needs. */
export interface OutboxOptions {
  readonly store: Store;
  readonly name: SubscriptionName;
  readonly clock: Clock;
  /** How long a store that did not answer is left alone, milliseconds. */
  readonly retryMs: number;
  /** The store was told; it does not know this instance as the owner of what is `lost`. */
  readonly onTold: (settlements: readonly Settlement[], lost: readonly string[]) => void;
}

/** Tells the store of settlements, one call after the other: what comes up meanwhile goes together in the next. */
export class SettlementOutbox {
  readonly #options: OutboxOptions;
  /** Refs of entries that were let go here, and how, while the store does not know yet. */
  readonly #leaving = new Map<string, Settlement["action"]>();
  #unsent: Settlement[] = [];
  #sending: Promise<void> | undefined;
  #abandoned = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Refs of entries that were let go here, and how, while the store does not know yet. */
  get leaving(): ReadonlyMap<string, Settlement["action"]> {
    return this.#leaving;
  }

  /** Resolves when the store has been told of everything up to now, or never will be. */
  get told(): Promise<void> {
    return this.#sending ?? Promise.resolve();
  }

  send(settlements: readonly Settlement[]): void {
    for (const settlement of settlements) {
      this.#unsent.push(settlement);
      if (settlement.action !== "keep") this.#leaving.set(settlement.ref, settlement.action);
    }
    if (this.#unsent.length > 0) this.#sending ??= this.#sendAll();
  }

  /** Lets others have what they handed over to this instance and it was not told of yet: nobody would ever ask for it. */
  async leaveStore(): Promise<void> {
    const { store, name } = this.#options;
    while (!this.#abandoned) {
      try {
        return await store.leave(name);
      } catch {
        await this.#pause();
      }
    }
  }

  /** Stops trying. What the store was not told, other instances find when this one is gone. */
  abandon(): void {
    this.#abandoned = true;
  }

  async #sendAll(): Promise<void> {
    const { store, name, onTold } = this.#options;
    while (this.#unsent.length > 0 && !this.#abandoned) {
      const settlements = this.#unsent;
      this.#unsent = [];
      try {
        const lost = await store.settle(name, settlements);
        for (const { ref, action } of settlements) if (action !== "keep") this.#leaving.delete(ref);
        onTold(settlements, lost);
      } catch {
        // Settling again is harmless: what did take effect is not owned any more, or noted already.
        this.#unsent = [...settlements, ...this.#unsent];
        await this.#pause();
      }
    }
    this.#sending = undefined;
  }

  #pause(): Promise<void> {
    const { clock, retryMs } = this.#options;
    return new Promise((resolve) => clock.setTimeout(resolve, retryMs));
  }
}
