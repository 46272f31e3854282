import type { MemoryInstance } from "./memory-instance.ts";

interface Watcher {
  readonly instance: MemoryInstance;
  readonly onWake: () => void;
  /** Which is read meanwhile. */
  readonly subscription: string | undefined;
  called: boolean;
}

/** Who wants to hear of which address. */
export class MemoryWakes {
  readonly #watchers = new Map<string, Set<Watcher>>();

  /** Calls `onWake` after {@link MemoryWakes.wake} by another instance. Returns the way to stop. */
  watch(address: string, instance: MemoryInstance, onWake: () => void, subscription?: string): () => void {
    const watcher = { instance, onWake, subscription, called: false };
    const watchers = this.#watchers.get(address) ?? new Set();
    this.#watchers.set(address, watchers.add(watcher));
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0 && this.#watchers.get(address) === watchers) this.#watchers.delete(address);
    };
  }

  /** How many instances watch an address, or read one of its subscriptions. */
  watchersOf(address: string, subscription?: string): number {
    const watchers = [...(this.#watchers.get(address) ?? [])].filter(({ instance }) => instance.answers);
    const those = watchers.filter((each) => subscription === undefined || each.subscription === subscription);
    return new Set(those.map(({ instance }) => instance)).size;
  }

  /** Tells instances other than `by`, once for all that happens in this turn, and never within the caller's call. */
  wake(address: string, by: MemoryInstance | undefined): void {
    const watchers = this.#watchers.get(address);
    if (watchers === undefined) return;
    for (const watcher of watchers) {
      if (watcher.instance === by || watcher.called) continue;
      watcher.called = true;
      queueMicrotask(() => {
        watcher.called = false;
        if (watchers.has(watcher) && watcher.instance.answers) watcher.onWake();
      });
    }
  }
}
