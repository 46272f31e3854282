import type { HeldEntry } from "./held-entry.ts";
import { Heap } from "./heap.ts";
import type { Waiting } from "./store.ts";

/**
 * Most messages, and bytes of them, that wait here behind others of their key. They do not use up the consumers' credit,
 * so that a key that is held back does not hold back the others; beyond this much they do.
 */
const MAX_WAITING_MESSAGES = 10_000;
const MAX_WAITING_BYTES = 16 * 1_048_576;

/** An entry of which only the store knows how it stands. */
export interface Astray extends Waiting {
  readonly held: HeldEntry;
}

interface Pause {
  readonly held: HeldEntry;
  readonly untilMs: number;
}

/**
 * Entries with an ordering key that cannot be handed out yet: each waits for the one stored before it with the same key,
 * or for the end of the pause after a failure. The chain comes from the store, not from the order of arrival, for
 * instances get entries as they ask for them.
 */
export class KeyOrder {
  /** By the ref of the entry before. */
  readonly #waiting = new Map<string, HeldEntry>();
  readonly #pauses = new Heap<Pause>((a, b) => a.untilMs - b.untilMs);
  readonly #pausing = new Map<HeldEntry, Pause>();
  #messages = 0;
  #bytes = 0;

  /** Whether so much waits that nothing more should be claimed. */
  get isFull(): boolean {
    return this.#messages >= MAX_WAITING_MESSAGES || this.#bytes >= MAX_WAITING_BYTES;
  }

  /** When the first pause is over; undefined when there is none. */
  get nextPauseEndMs(): number | undefined {
    return this.#nextPause()?.untilMs;
  }

  /** Lets an entry wait for the one before it. */
  wait(held: HeldEntry, after: string): void {
    this.#waiting.set(after, held);
    this.#count(held, 1);
  }

  /** The entry that waits for `ref`. */
  followerOf(ref: string): HeldEntry | undefined {
    return this.#waiting.get(ref);
  }

  /** Whether an entry waits for the one before it, and so was never handed out. */
  isWaiting(held: HeldEntry): boolean {
    const after = held.entry.turn?.after;
    return after !== undefined && this.#waiting.get(after) === held;
  }

  /** The entry that waits for `ref`; it waits no longer. */
  takeFollower(ref: string): HeldEntry | undefined {
    const held = this.#waiting.get(ref);
    if (held === undefined) return undefined;
    this.#waiting.delete(ref);
    this.#count(held, -1);
    return held;
  }

  /** Lets an entry wait for the end of its pause. */
  pause(held: HeldEntry): void {
    const pause = { held, untilMs: held.pausedUntilMs };
    this.#pauses.push(pause);
    this.#pausing.set(held, pause);
    this.#count(held, 1);
  }

  /** An entry whose pause is over, if any; it waits no longer. */
  takeRested(nowMs: number): HeldEntry | undefined {
    const pause = this.#nextPause();
    if (pause === undefined || pause.untilMs > nowMs) return undefined;
    this.#pauses.pop();
    this.#pausing.delete(pause.held);
    this.#count(pause.held, -1);
    return pause.held;
  }

  /** An entry is no longer here. What waits for it goes on waiting. */
  forget(held: HeldEntry): void {
    if (this.isWaiting(held)) this.takeFollower(held.entry.turn?.after ?? "");
    if (this.#pausing.delete(held)) this.#count(held, -1);
  }

  /** Entries that wait for one that is not here, each followed by those that wait for it. */
  astray(isHere: (ref: string) => boolean): Astray[] {
    const astray: Astray[] = [];
    for (const [first, held] of this.#waiting) {
      if (isHere(first)) continue;
      let after = first;
      for (let next: HeldEntry | undefined = held; next !== undefined; next = this.#waiting.get(after)) {
        astray.push({ ref: next.entry.ref, after, held: next });
        after = next.entry.ref;
      }
    }
    return astray;
  }

  clear(): void {
    this.#waiting.clear();
    this.#pausing.clear();
    this.#messages = 0;
    this.#bytes = 0;
  }

  /** Passes over pauses of entries that are no longer here. */
  #nextPause(): Pause | undefined {
    for (;;) {
      const pause = this.#pauses.peek();
      if (pause === undefined || this.#pausing.get(pause.held) === pause) return pause;
      this.#pauses.pop();
    }
  }

  #count({ entry }: HeldEntry, sign: 1 | -1): void {
    this.#messages += sign * entry.count;
    this.#bytes += sign * entry.records.length;
  }
}
