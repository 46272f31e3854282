import { ChappeError, Message } from "@chappe/message";
import { ACKED, type HeldDelivery, type MessageOutcome } from "./held-delivery.ts";

/** How a message failed. */
export interface FailOptions {
  /** Retry after this many milliseconds. @default the router's backoff: exponential, with jitter */
  readonly delayMs?: number;
  /** Why; kept with the dead letter when it was the last attempt. At most 1 KiB, the rest is cut. @default "" */
  readonly reason?: string;
}

/** Where a message stood in what its sender sent to the address. */
export interface SourcePlace {
  /** Id of the producer, hexadecimal: another one for each program and address, and after a loss that cannot be healed. */
  readonly producerId: string;
  /** Of the batch: 1, 2, 3, … for each producer. */
  readonly sequence: number;
  /** Of the message within the batch. */
  readonly index: number;
}

const RELEASED: MessageOutcome = { kind: "release" };

/**
 * A message in this consumer's hands. It ends in exactly one outcome: `ack`, `release`, `fail` or `reject`; the first one
 * counts.
 *
 * The promise of an outcome resolves when the router has it. Waiting for it is optional: outcomes given in one turn travel
 * together, and one that cannot be delivered only means that the message comes again, to whoever reads then. The promise
 * rejects with ChappeError FAILED_PRECONDITION when the message has an outcome already or is no longer this consumer's, and
 * with UNAVAILABLE when the connection broke; unobserved, that harms nobody.
 */
export class ReceivedMessage extends Message {
  readonly #delivery: HeldDelivery;
  readonly #place: number;

  /** @internal */
  constructor(delivery: HeldDelivery, index: number) {
    super(delivery.batch, index);
    this.#delivery = delivery;
    this.#place = index;
  }

  /** 1 + failures counted: thrown errors, `fail`, and crashes of consumers. */
  get attempt(): number {
    return this.#delivery.attempt;
  }

  /**
   * It may have been handed out before: by a router that is gone, to a consumer that gave it back, or out of a Redis that
   * lost it since.
   */
  get redelivered(): boolean {
    return this.#delivery.redelivered;
  }

  /** Where it stood in what its sender sent; undefined for what came over Send or HTTP, which number nothing. */
  get source(): SourcePlace | undefined {
    const { header, first } = this.#delivery.batch;
    if (header.sequence === 0) return undefined;
    const producerId = Buffer.from(header.producerId).toString("hex");
    return { producerId, sequence: header.sequence, index: first + this.#place };
  }

  /** Whether it still waits for its outcome, and is this consumer's to settle. */
  get isOpen(): boolean {
    return this.#delivery.isOpen(this.#place);
  }

  /**
   * Aborted when handling it is of no use any more: it was given to another consumer, the connection broke, its handler
   * took longer than `handlerTimeoutMs`, or the client has waited for it until the deadline of its `close`. Made when asked
   * for.
   */
  get signal(): AbortSignal {
    return this.#delivery.signal(this.#place);
  }

  /** It is done. */
  ack(): Promise<void> {
    return this.#settle(ACKED);
  }

  /** Gives it back; it comes again at once, here or elsewhere, and no attempt is counted. */
  release(): Promise<void> {
    return this.#settle(RELEASED);
  }

  /**
   * It failed: it comes again after a pause, or goes to the dead letters after its last attempt.
   *
   * @throws ChappeError INVALID_ARGUMENT, at once, for a delay that is not a whole number of milliseconds, 0 or more
   */
  fail({ delayMs, reason = "" }: FailOptions = {}): Promise<void> {
    if (delayMs !== undefined && !(Number.isSafeInteger(delayMs) && delayMs >= 0)) {
      throw new ChappeError(
        "INVALID_ARGUMENT",
        `delayMs ${String(delayMs)} must be a whole number of milliseconds, 0 or more`,
      );
    }
    return this.#settle({ kind: "fail", delayMs, reason });
  }

  /** No attempt will help: it goes to the dead letters at once. @param reason at most 1 KiB, the rest is cut */
  reject(reason: string): Promise<void> {
    return this.#settle({ kind: "reject", reason });
  }

  /** Gives it an outcome that nobody waits for, unless it has one. @internal */
  settleUnlessDone(outcome: MessageOutcome): void {
    if (this.isOpen) this.#delivery.settle(this.#place, outcome);
  }

  /** It failed because nobody waits for its handler any more. @internal */
  giveUp(error: ChappeError): void {
    this.#delivery.abortOne(this.#place, error);
    this.settleUnlessDone({ kind: "fail", delayMs: undefined, reason: error.message });
  }

  #settle(outcome: MessageOutcome): Promise<void> {
    const refused = this.#delivery.settle(this.#place, outcome);
    if (refused === undefined) return this.#delivery.told;
    const rejected = Promise.reject(refused);
    rejected.catch(() => {});
    return rejected;
  }
}
