import type { Setback } from "./store.ts";

/** How a message failed: by its own doing, for all that is known; or its consumer crashed, with it or before it had begun on it. */
export type FailureKind = "failed" | "crashed" | "crashed-unbegun";

/** How messages of an entry with an ordering key have failed. They stay where they are, and hold back what comes after them. */
export class Setbacks {
  readonly #failures: Map<number, { readonly times: number; readonly crashes: number }>;
  #total: number;
  #pausedUntilMs: number;

  /** @param noted what an earlier owner had noted, `nowMs` being now */
  constructor(noted?: Setback, nowMs = 0) {
    const { failures = [], total = 0, pauseMs = Number.NEGATIVE_INFINITY } = noted ?? {};
    this.#failures = new Map(failures.map(({ index, times, crashes }) => [index, { times, crashes }]));
    this.#total = total;
    this.#pausedUntilMs = nowMs + pauseMs;
  }

  /** Until when nothing of the entry is handed out. */
  get pausedUntilMs(): number {
    return this.#pausedUntilMs;
  }

  /** How often the message has failed. Crashes before it was begun are not counted. */
  times(index: number): number {
    return this.#failures.get(index)?.times ?? 0;
  }

  /** How many consumers have crashed with it in their hands. */
  crashes(index: number): number {
    return this.#failures.get(index)?.crashes ?? 0;
  }

  /** The message has failed once more. */
  add(index: number, pausedUntilMs: number, how: FailureKind): void {
    const times = this.times(index) + (how === "crashed-unbegun" ? 0 : 1);
    const crashes = this.crashes(index) + (how === "failed" ? 0 : 1);
    this.#failures.set(index, { times, crashes });
    this.#total++;
    this.#pausedUntilMs = pausedUntilMs;
  }

  /** What the store is to note, of the messages that are not settled. */
  note(isSettled: (index: number) => boolean, nowMs: number): Setback {
    const open = [...this.#failures].filter(([index]) => !isSettled(index));
    return {
      failures: open.map(([index, failures]) => ({ index, ...failures })),
      total: this.#total,
      pauseMs: Math.max(0, this.#pausedUntilMs - nowMs),
    };
  }
}
