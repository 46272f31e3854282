import { type RetryPolicy, retryDelayMs } from "@chappe/message";
import type { Handed } from "./consumer.ts";
import type { HeldEntry } from "./held-entry.ts";
import type { Slice } from "./ready-queue.ts";

/** What {@link Failing} needs from outside. */
export interface FailingOptions {
  readonly retryPolicy: RetryPolicy;
  /** Milliseconds since 1970-01-01 UTC: messages expire by it. */
  readonly now: () => number;
  /** 0 ≤ random() < 1, for the jitter of retries. */
  readonly random: () => number;
}

/** How messages failed, and when to try them again, if their consumer said so. */
interface Failure {
  readonly how: "failed" | "crashed";
  readonly delayMs?: number | undefined;
}

/** Decides what becomes of messages that failed, or whose consumer crashed. */
export class Failing {
  readonly #options: FailingOptions;

  constructor(options: FailingOptions) {
    this.#options = options;
  }

  /** Each failed message goes on alone, with its own backoff, or to the dead letters when its attempts are used up. */
  fail(held: HeldEntry, from: number, to: number, reason: string, { how, delayMs }: Failure): void {
    const { attempt } = held.entry;
    const { maxAttempts } = this.#options.retryPolicy;
    for (let index = from; index < to; index++) {
      if (attempt >= maxAttempts) held.bury(index, `failed ${attempt} of ${maxAttempts} attempts: ${reason}`);
      else held.retry(index, index + 1, delayMs ?? this.#backoffMs(attempt), how);
    }
  }

  /**
   * The first crash retries together what was held together, for most crashes have nothing to do with a message. After
   * the second, each message goes on alone, and is handed out alone, so that a poisonous one cannot take others along.
   */
  crash({ held, from, to }: Slice, consumer: string): void {
    const { attempt } = held.entry;
    const { maxAttempts } = this.#options.retryPolicy;
    if (attempt === 1 && maxAttempts > 1) held.retry(from, to, this.#backoffMs(attempt), "crashed");
    else this.fail(held, from, to, `consumer ${consumer} crashed`, { how: "crashed" });
  }

  /** A message with an ordering key is tried again where it stands, or goes to the dead letters. */
  failInOrder(held: HeldEntry, index: number, reason: string, { how, delayMs }: Failure): void {
    const attempt = held.attempt(index);
    const { maxAttempts } = this.#options.retryPolicy;
    if (attempt >= maxAttempts) held.bury(index, `failed ${attempt} of ${maxAttempts} attempts: ${reason}`);
    else held.setBack(index, this.#options.now() + (delayMs ?? this.#backoffMs(attempt)), how);
  }

  /**
   * It handled them one by one, so the crash counts for the first that has no outcome. That is so for each ordering key
   * whose messages it held; after the second crash each such message is handed out alone, as without a key.
   */
  crashInOrder({ slice: { held, from }, outcomes }: Handed, consumer: string): void {
    const [{ from: first } = { from: 0 }] = outcomes.gaps();
    this.failInOrder(held, from + first, `consumer ${consumer} crashed`, { how: "crashed" });
  }

  #backoffMs(attempt: number): number {
    return retryDelayMs(this.#options.retryPolicy, attempt, this.#options.random);
  }
}
