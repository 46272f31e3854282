/** Time, as the client's state machines see it. Passed in, so that tests can turn it by hand. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `fn` once, `ms` milliseconds from now. Returns what {@link Clock.clearTimeout} takes. */
  setTimeout(fn: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
}

/**
 * The machine's clock. Its timers keep the process alive: each runs only while somebody waits for a send, a reconnect or
 * a close, and a program must not end silently in the middle of that.
 */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (fn, ms) => setTimeout(fn, ms),
  clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout),
};
