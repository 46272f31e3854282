/** A case that will run. */
export interface PlannedCase {
  readonly name: string;
  /** How long it takes, roughly. */
  readonly seconds: number;
}

/** Where progress is shown: a terminal, or a file or pipe. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const REFRESH_MS = 1_000;
/** Back to the beginning of the line, and clear it. */
const CLEAR = "\r\u001B[2K";

/** Shows which case runs, and roughly how long the rest takes: one line that changes on a terminal, a line a case elsewhere. */
export class SuiteProgress implements Disposable {
  readonly #cases: readonly PlannedCase[];
  readonly #output: ProgressOutput;
  readonly #nowMs: () => number;
  #running = -1;
  #startedMs = 0;
  #caseStartedMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(cases: readonly PlannedCase[], output: ProgressOutput, nowMs: () => number = () => performance.now()) {
    this.#cases = cases;
    this.#output = output;
    this.#nowMs = nowMs;
  }

  /** The next case begins. */
  next(): void {
    this.#caseStartedMs = this.#nowMs();
    if (this.#running < 0) this.#startedMs = this.#caseStartedMs;
    this.#running++;
    this.show();
    if (this.#output.isTTY === true) this.#timer ??= setInterval(() => this.show(), REFRESH_MS).unref();
  }

  /** Shows how things stand, in place of what was shown before where that is possible. */
  show(): void {
    const running = this.#cases[this.#running];
    if (running === undefined) return;
    const text = `[${this.#running + 1}/${this.#cases.length}] ${running.name}, about ${timeText(this.#secondsLeft())} left`;
    if (this.#output.isTTY !== true) this.#output.write(`${text}\n`);
    // A terminal that does not know its width says 0.
    else this.#output.write(`${CLEAR}${text.slice(0, (this.#output.columns || 80) - 1)}`);
  }

  /** Says something that stays. */
  tell(line: string): void {
    this.#output.write(this.#output.isTTY === true ? `${CLEAR}${line}\n` : `${line}\n`);
  }

  /** Leaves nothing on the line that changes. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    if (this.#output.isTTY === true && this.#running >= 0) this.#output.write(CLEAR);
  }

  /** What the plan says about the rest, at the pace that the cases before have shown. */
  #secondsLeft(): number {
    const planned = (cases: readonly PlannedCase[]) => cases.reduce((sum, { seconds }) => sum + seconds, 0);
    const done = planned(this.#cases.slice(0, this.#running));
    const pace = done === 0 ? 1 : (this.#caseStartedMs - this.#startedMs) / 1_000 / done;
    const current = (this.#cases[this.#running]?.seconds ?? 0) * pace;
    const spent = (this.#nowMs() - this.#caseStartedMs) / 1_000;
    return Math.max(0, current - spent) + planned(this.#cases.slice(this.#running + 1)) * pace;
  }
}

/** A time for people who wait. */
export function timeText(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
