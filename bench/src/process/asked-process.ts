import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Answer, Question } from "./program-channel.ts";

const ANSWER_DEADLINE_MS = 60_000;
const STOP_DEADLINE_MS = 30_000;
const LOG_LINES = 50;

/** How questions reach a program, and its answers come back. */
export interface QuestionChannel {
  send(question: Question, onFailure: (error: Error) => void): void;
  /** Called once. */
  onAnswer(take: (answer: Answer) => void): void;
  /** Streams of the program that hold what it has to say to people. */
  readonly logs: readonly (NodeJS.ReadableStream | null)[];
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** A program in a process of its own, which can be asked, and which ends with this process. */
export class AskedProcess implements AsyncDisposable {
  /** What kind of process it is: sender, router, receiver. */
  readonly role: string;
  readonly #child: ChildProcess;
  readonly #channel: QuestionChannel;
  readonly #log: string[] = [];
  readonly #waiting = new Map<number, Waiting>();
  readonly #exit: Promise<void>;
  #questions = 0;
  #onLine: () => void = () => {};
  #onEnd: () => void = () => {};

  constructor(role: string, child: ChildProcess, channel: QuestionChannel) {
    this.role = role;
    this.#child = child;
    this.#channel = channel;
    for (const stream of channel.logs) {
      if (stream === null) continue;
      createInterface({ input: stream }).on("line", (line) => {
        this.#log.push(line);
        if (this.#log.length > LOG_LINES) this.#log.shift();
        this.#onLine();
      });
    }
    channel.onAnswer((answer) => this.#take(answer));
    this.#exit = new Promise((resolve) => {
      this.#child.once("close", () => resolve());
    });
    this.#child.once("error", (error) => {
      this.#log.push(error.message);
    });
    this.#child.once("exit", (code, signal) => {
      this.#failWaiting(`it ended (${signal ?? code})`);
      this.#onEnd();
    });
  }

  /** @throws Error when it could not be started */
  get pid(): number {
    if (this.#child.pid === undefined) throw this.#failure("it could not be started");
    return this.#child.pid;
  }

  /** Asks it. @throws Error with its last output when it fails, ends, or does not answer within a minute */
  async ask<Value = void>(ask: string, argument: unknown = null): Promise<Value> {
    const id = ++this.#questions;
    const deadline = setTimeout(
      () => this.#waiting.get(id)?.reject(this.#failure(`no answer to ${ask}`)),
      ANSWER_DEADLINE_MS,
    );
    try {
      return await new Promise<Value>((resolve, reject) => {
        this.#waiting.set(id, { resolve: (value) => resolve(value as Value), reject });
        this.#channel.send({ id, ask, argument }, (error) =>
          reject(this.#failure(`it cannot be asked ${ask}: ${error.message}`)),
        );
      });
    } finally {
      clearTimeout(deadline);
      this.#waiting.delete(id);
    }
  }

  /** The match in the first line of its output, past or to come, that matches. @throws Error when it ends before */
  async waitForLine(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      for (const line of this.#log) {
        const match = pattern.exec(line);
        if (match !== null) return match;
      }
      await new Promise<void>((resolve, reject) => {
        this.#onLine = resolve;
        this.#onEnd = () => reject(this.#failure(`it ended before it said ${String(pattern)}`));
      });
    }
  }

  /** Ends it as an operator would, and resolves when it is gone. */
  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    const impatience = setTimeout(() => this.#child.kill("SIGKILL"), STOP_DEADLINE_MS);
    await this.#exit;
    clearTimeout(impatience);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#exit;
  }

  #take({ id, value, error }: Answer): void {
    const waiting = this.#waiting.get(id);
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(this.#failure(error));
  }

  #failWaiting(what: string): void {
    for (const waiting of this.#waiting.values()) waiting.reject(this.#failure(what));
  }

  #failure(what: string): Error {
    return new Error([`${this.role}: ${what}`, ...this.#log].join("\n"));
  }
}
