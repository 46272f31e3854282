import { type RetryPolicy, retryDelayMs } from "@chappe/message";
import type { Handed } from "./consumer.ts";
import type { HeldEntry } from "./held-entry.ts";
import type { Slice } from "./ready-queue.ts";
import type { FailureKind } from "./setbacks.ts";

/**
 * So many times the attempts, and a message goes to the dead letters with which consumers have crashed, though none had begun
 * on it: one that brings its consumer down while it is being read never is.
 */
const CRASHES_PER_ATTEMPT = 4;

/** Stores need not count further. */
const MAX_CRASHES = 32_767;

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
  readonly how: FailureKind;
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
    for (let index = from; index < to; index++) {
      const end = this.#endOf(held, index, how);
      if (end !== undefined) held.bury(index, `${end}: ${reason}`);
      else held.retry(index, index + 1, delayMs ?? this.#backoffMs(held.attempt(index)), how);
    }
  }

  /**
   * The first crash retries together what was held together, for most crashes have nothing to do with a message. After
   * the second, each message goes on alone, and is handed out alone, so that a poisonous one cannot take others along.
   */
  crash({ held, from, to }: Slice, consumer: string, isBegun: boolean): void {
    const { attempt } = held.entry;
    const { maxAttempts } = this.#options.retryPolicy;
    if (attempt === 1 && maxAttempts > 1) held.retry(from, to, this.#backoffMs(attempt), "crashed");
    else this.fail(held, from, to, `consumer ${consumer} crashed`, { how: isBegun ? "crashed" : "crashed-unbegun" });
  }

  /** A message with an ordering key is tried again where it stands, or goes to the dead letters. */
  failInOrder(held: HeldEntry, index: number, reason: string, { how, delayMs }: Failure): void {
    const end = this.#endOf(held, index, how);
    if (end !== undefined) held.bury(index, `${end}: ${reason}`);
    else held.setBack(index, this.#options.now() + (delayMs ?? this.#backoffMs(held.attempt(index))), how);
  }

  /**
   * It handled them one by one, so the crash counts for the first that has no outcome. That is so for each ordering key
   * whose messages it held; after the second crash each such message is handed out alone, as without a key.
   */
  crashInOrder({ slice: { held, from }, outcomes, isBegun }: Handed, consumer: string): void {
    const [{ from: first } = { from: 0 }] = outcomes.gaps();
    const how = isBegun ? "crashed" : "crashed-unbegun";
    this.failInOrder(held, from + first, `consumer ${consumer} crashed`, { how });
  }

  /** Why a message that fails once more is not tried again, if so. */
  #endOf(held: HeldEntry, index: number, how: FailureKind): string | undefined {
    const attempt = held.attempt(index);
    const { maxAttempts } = this.#options.retryPolicy;
    if (how !== "crashed-unbegun") {
      return attempt >= maxAttempts ? `failed ${attempt} of ${maxAttempts} attempts` : undefined;
    }
    const crashes = held.crashes(index) + 1;
    const most = Math.min(CRASHES_PER_ATTEMPT * maxAttempts, MAX_CRASHES);
    return crashes >= most ? `in the hands of ${crashes} consumers that crashed` : undefined;
  }

  #backoffMs(attempt: number): number {
    return retryDelayMs(this.#options.retryPolicy, attempt, this.#options.random);
  }
}
