import type { Setback } from "./store.ts";

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

  /** How often the message has failed. */
  times(index: number): number {
    return this.#failures.get(index)?.times ?? 0;
  }

  /** How many of its failures were crashes of the consumer that held it. */
  crashes(index: number): number {
    return this.#failures.get(index)?.crashes ?? 0;
  }

  /** The message has failed once more. */
  add(index: number, pausedUntilMs: number, how: "failed" | "crashed"): void {
    const crashes = this.crashes(index) + (how === "crashed" ? 1 : 0);
    this.#failures.set(index, { times: this.times(index) + 1, crashes });
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
