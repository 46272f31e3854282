import type { Progress } from "./progress.ts";

/** Where a process stood, look by look, and how fast it was on parts of its way. */
export class ProgressLog {
  readonly #looks: Progress[] = [];

  note(progress: Progress): void {
    this.#looks.push(progress);
  }

  /**
   * Messages a second between two counts, interpolated between the looks.
   *
   * @throws RangeError when the looks do not reach from the first to the second, or no time passed
   */
  perSecondBetween(from: number, to: number): number {
    const micros = this.#timeOf(to) - this.#timeOf(from);
    if (!(micros > 0)) throw new RangeError(`no time passed between ${from} and ${to} messages`);
    return Math.round(((to - from) / micros) * 1_000_000);
  }

  #timeOf(count: number): number {
    const next = this.#looks.findIndex((look) => look.count >= count);
    const after = this.#looks[next];
    const before = this.#looks[next - 1] ?? after;
    if (after === undefined || before === undefined || (before === after && after.count !== count)) {
      throw new RangeError(`nobody looked around ${count} messages`);
    }
    const share = before === after ? 0 : (count - before.count) / (after.count - before.count);
    return before.atMicros + share * (after.atMicros - before.atMicros);
  }
}
