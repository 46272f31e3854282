import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { endWithParent } from "@chappe/testing";
import type { Order } from "./program-plan.ts";

const OBEY_ORDERS = new URL("obey-orders.ts", import.meta.url).href;

/** How one run of a program is started. */
export interface StageStart {
  readonly file: string;
  readonly args: readonly string[];
}

/** A program of the run that can be stopped in every way and started again. One process at a time. */
export class StageProcess {
  readonly name: string;
  readonly #logFile: string;
  readonly #startOf: (run: number) => StageStart;
  #runs = 0;
  #child: ChildProcess | undefined;
  /** It ended though nobody had ended it. */
  #onCrash: ((how: string) => void) | undefined;

  /** @param startOf what to start, by how often it was started before */
  constructor(name: string, logFile: string, startOf: (run: number) => StageStart) {
    this.name = name;
    this.#logFile = logFile;
    this.#startOf = startOf;
  }

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  /** Told when it ends by itself. */
  onCrash(listener: (how: string) => void): void {
    this.#onCrash = listener;
  }

  start(): void {
    if (this.#child !== undefined) return;
    const { file, args } = this.#startOf(this.#runs++);
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
      this.#onCrash?.(signal ?? `exit code ${code}`);
    });
    child.once("close", () => log.end());
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Asks it to end, and insists after `deadlineMs`. @returns whether it ended by itself */
  async stop(deadlineMs: number): Promise<boolean> {
    const child = this.#child;
    if (child === undefined) return true;
    let isLate = false;
    const late = setTimeout(() => {
      isLate = true;
      child.kill("SIGKILL");
    }, deadlineMs);
    await this.#end("SIGTERM");
    clearTimeout(late);
    return !isLate;
  }

  /** Freezes it: it holds its connections and does nothing. */
  pause(): void {
    this.#child?.kill("SIGSTOP");
  }

  resume(): void {
    this.#child?.kill("SIGCONT");
  }

  order(order: Order): void {
    // Who is gone obeys nobody.
    this.#child?.send(order, () => {});
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }
}
