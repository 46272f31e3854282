import { setTimeout as delay } from "node:timers/promises";
import type { SubscriptionName } from "@chappe/broker";

/** What was given back longer ago than this, no failover takes back: routers notice one within seconds. Milliseconds. */
const MAX_AGE_MS = 60_000;

/** Routers see many addresses that are used once. */
const MAX_REMEMBERED = 10_000;

/** A store that does not answer is told again after this time, milliseconds. */
const RETRY_MS = 500;

interface Departure {
  readonly name: SubscriptionName;
  readonly atMs: number;
}

/**
 * Subscriptions that this instance has left a short while ago. A Redis that takes over may not know that: what was given
 * back would be this instance's there, and nobody's while it lives. So it leaves them once more.
 */
export class Departures {
  readonly #leave: (name: SubscriptionName) => Promise<void>;
  /** Oldest first. */
  readonly #left = new Map<string, Departure>();
  readonly #unsure = new Map<string, SubscriptionName>();
  readonly #ending = new AbortController();
  #isLeaving = false;

  /** @param leave gives back whatever this instance has of a subscription */
  constructor(leave: (name: SubscriptionName) => Promise<void>) {
    this.#leave = leave;
  }

  /** The subscription was left. */
  note(name: SubscriptionName): void {
    const key = keyOf(name);
    this.#left.delete(key);
    this.#left.set(key, { name, atMs: performance.now() });
    if (this.#left.size <= MAX_REMEMBERED) return;
    const [oldest] = this.#left.keys();
    this.#left.delete(oldest ?? key);
  }

  /** It is open here again: its look-rounds find what is still owned. */
  forget(name: SubscriptionName): void {
    this.#left.delete(keyOf(name));
    this.#unsure.delete(keyOf(name));
  }

  /** Who serves from now on may know less than the server before. */
  doubtAll(): void {
    const sinceMs = performance.now() - MAX_AGE_MS;
    for (const [key, { name, atMs }] of this.#left) if (atMs >= sinceMs) this.#unsure.set(key, name);
    this.#left.clear();
    if (!this.#isLeaving) void this.#leaveAgain();
  }

  /** Leaves nothing any more. */
  end(): void {
    this.#unsure.clear();
    this.#ending.abort();
  }

  async #leaveAgain(): Promise<void> {
    this.#isLeaving = true;
    while (this.#unsure.size > 0) {
      for (const [key, name] of this.#unsure) {
        try {
          await this.#leave(name);
          // Unless it was opened meanwhile.
          if (this.#unsure.delete(key)) this.note(name);
        } catch {
          // The others need not wait: of a cluster, one node may be away.
        }
      }
      if (this.#unsure.size > 0) await this.#pause();
    }
    this.#isLeaving = false;
  }

  async #pause(): Promise<void> {
    await delay(RETRY_MS, undefined, { ref: false, signal: this.#ending.signal }).catch(() => {});
  }
}

function keyOf({ address, subscription }: SubscriptionName): string {
  return `${address} ${subscription}`;
}
