import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { endWithParent } from "@chappe/testing";
import { isStopped } from "./is-stopped.ts";
import type { Obeyed, Order } from "./program-plan.ts";

const OBEY_ORDERS = new URL("obey-orders.ts", import.meta.url).href;

/** How a program ends that nothing went wrong with. */
export const ENDED_WELL = "exit code 0";

/** How one run of a program is started. */
export interface StageStart {
  readonly file: string;
  readonly args: readonly string[];
}

/** A program of the run that can be stopped in every way and started again. One process at a time. */
export class StageProcess {
  readonly name: string;
  readonly #logFile: string;
  readonly #startOf: (run: string) => StageStart;
  #runs = 0;
  #child: ChildProcess | undefined;
  /** It ended though nobody had ended it. */
  #onCrash: ((run: string, how: string) => void) | undefined;

  /** @param startOf what to start, by the name of the run: the third of sender-1 is sender-1.3 */
  constructor(name: string, logFile: string, startOf: (run: string) => StageStart) {
    this.name = name;
    this.#logFile = logFile;
    this.#startOf = startOf;
  }

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Told when it ends by itself, of which run, and how. */
  onCrash(listener: (run: string, how: string) => void): void {
    this.#onCrash = listener;
  }

  start(): void {
    if (this.#child !== undefined) return;
    const run = `${this.name}.${++this.#runs}`;
    const { file, args } = this.#startOf(run);
    const child = fork(file, args, { execArgv: ["--import", OBEY_ORDERS], stdio: ["ignore", "pipe", "pipe", "ipc"] });
    if (child.pid === undefined) throw new Error(`${this.name} cannot be started`);
    const log = createWriteStream(this.#logFile, { flags: "a" });
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    const forget = endWithParent({ pid: child.pid });
    this.#child = child;
    child.once("exit", (code, signal) => {
      forget();
      if (this.#child !== child) return;
      this.#child = undefined;
      this.#onCrash?.(run, endText(code, signal));
    });
    child.once("close", () => log.end());
  }

  /** Ends it as a crash would. @returns how it ended, or undefined when it did not run */
  kill(): Promise<string | undefined> {
    return this.#end("SIGKILL");
  }

  /**
   * Asks it to end, and insists after `deadlineMs`.
   *
   * @returns how it ended, `ENDED_WELL` when all went well; undefined when it did not run
   */
  async stop(deadlineMs: number): Promise<string | undefined> {
    const child = this.#child;
    const late = setTimeout(() => child?.kill("SIGKILL"), deadlineMs);
    try {
      return await this.#end("SIGTERM");
    } finally {
      clearTimeout(late);
    }
  }

  /** Freezes it: it holds its connections and does nothing. */
  pause(): void {
    this.#child?.kill("SIGSTOP");
  }

  resume(): void {
    this.#child?.kill("SIGCONT");
  }

  /** Whether it is frozen now. */
  get isPaused(): boolean {
    return isStopped(this.#child?.pid);
  }

  order(order: Order): void {
    // Who is gone obeys nobody.
    this.#child?.send(order, () => {});
  }

  /** Gives an order that is answered. @returns what the program saw; undefined when it has not answered within `deadlineMs` */
  async ask(order: Order, deadlineMs: number): Promise<number | undefined> {
    const child = this.#child;
    if (child === undefined) return undefined;
    const answered = once(child, "message", { signal: AbortSignal.timeout(deadlineMs) }) as Promise<[Obeyed]>;
    this.order(order);
    return answered.then(
      ([{ sawMs }]) => sawMs,
      () => undefined,
    );
  }

  async #end(signal: NodeJS.Signals): Promise<string | undefined> {
    const child = this.#child;
    if (child === undefined) return undefined;
    this.#child = undefined;
    const ended = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
    child.kill(signal);
    return endText(...(await ended));
  }
}

function endText(code: number | null, signal: NodeJS.Signals | null): string {
  return signal ?? `exit code ${code}`;
}
