import { setImmediate as nextTurn } from "node:timers/promises";

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** Later timers than this within one `advance` mean two that feed each other. */
const runawayTimers = 100_000;

/**
 * A clock that moves only when told, for code that takes its clock as a value. Thirty seconds of leases and backoff
 * pass in a test within a millisecond, and always in the same order.
 */
export class ManualClock {
  #nowMs: number;
  #order = 0;
  readonly #timers = new Set<Timer>();

  /** @param nowMs what `now()` returns at first. Default: 1,700,000,000,000, a day in 2023. */
  constructor(nowMs = 1_700_000_000_000) {
    this.#nowMs = nowMs;
  }

  /** The time in milliseconds since 1970, as `Date.now()`. A method that may be passed on by itself. */
  readonly now = (): number => this.#nowMs;

  /** Runs `callback` once the clock has been advanced by `delayMs`. */
  readonly setTimeout = (callback: () => void, delayMs: number): unknown => {
    const timer = { dueMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, run: callback };
    this.#timers.add(timer);
    return timer;
  };

  /** Calls a timer off. Unknown or spent handles are ignored, as by the global function. */
  readonly clearTimeout = (handle: unknown): void => {
    this.#timers.delete(handle as Timer);
  };

  /** How many timers are still to run. A closed component should leave none. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  /**
   * Moves the clock by `ms`, running every timer that comes due, also those set on the way, in order of time and at
   * its own time. Promises settle before the first, between any two and after the last.
   *
   * @throws what a timer throws; Error after 100,000 timers.
   */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await nextTurn();
    for (let ran = 0; ; ran++) {
      const timer = this.#nextDue(untilMs);
      if (timer === undefined) break;
      if (ran >= runawayTimers) throw new Error(`More than ${runawayTimers} timers came due within ${ms} ms`);
      this.#timers.delete(timer);
      this.#nowMs = Math.max(this.#nowMs, timer.dueMs);
      timer.run();
      await nextTurn();
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  #nextDue(untilMs: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueMs > untilMs) continue;
      if (next === undefined || timer.dueMs < next.dueMs || (timer.dueMs === next.dueMs && timer.order < next.order)) {
        next = timer;
      }
    }
    return next;
  }
}
