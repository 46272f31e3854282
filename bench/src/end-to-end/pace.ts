/** When messages are due in an open loop: at a constant rate, whatever became of the ones before. */
export class OpenLoopPace {
  readonly #startMicros: number;
  readonly #microsPerMessage: number;
  #taken = 0;

  constructor(startMicros: number, messagesPerSecond: number) {
    this.#startMicros = startMicros;
    this.#microsPerMessage = 1_000_000 / messagesPerSecond;
  }

  /** When the next message is due, whether that is past or to come. */
  get dueMicros(): number {
    return this.#startMicros + this.#taken * this.#microsPerMessage;
  }

  /** Takes the next message if it is due by now: when it was due, else undefined. */
  take(nowMicros: number): number | undefined {
    const due = this.dueMicros;
    if (due > nowMicros) return undefined;
    this.#taken++;
    return due;
  }
}
