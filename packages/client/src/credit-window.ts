import type { FrameCredit } from "@chappe/message";

/**
 * What may be granted, so that a consumer never has more than its limits, in its hands and on the way together.
 *
 * Grants are given when half of the limit is free, not for each message: a router that has credit for one message sends
 * one, and a stream of single messages costs many times a stream of batches.
 */
export class CreditWindow {
  #limits: FrameCredit;
  /** Granted on the current stream, and not yet delivered. Bytes fall below zero when one oversized message passed. */
  #unused = { messages: 0, bytes: 0 };
  /** Delivered, by whichever stream, and without an outcome. */
  #held = { messages: 0, bytes: 0 };

  constructor(limits: FrameCredit) {
    this.#limits = limits;
  }

  /** Changes the limit of messages. When it shrinks, grants pause until enough was settled. */
  limitMessages(messages: number): void {
    this.#limits = { messages, bytes: this.#limits.bytes };
  }

  /** A new stream begins, without any credit. What other streams delivered is still held. */
  beginStream(): void {
    this.#unused = { messages: 0, bytes: 0 };
  }

  /** A stream delivered. @param isCurrent false for an earlier one, whose credit counts no more */
  deliver(messages: number, bytes: number, isCurrent: boolean): void {
    if (isCurrent) {
      this.#unused.messages -= messages;
      this.#unused.bytes -= bytes;
    }
    this.#held.messages += messages;
    this.#held.bytes += bytes;
  }

  /** Messages were settled, or lost. */
  release(messages: number, bytes: number): void {
    this.#held.messages -= messages;
    this.#held.bytes -= bytes;
  }

  /** Takes what should be granted now; undefined when it is not worth a grant. */
  takeGrant(): FrameCredit | undefined {
    const messages = this.#limits.messages - this.#held.messages - this.#unused.messages;
    const bytes = this.#limits.bytes - this.#held.bytes - this.#unused.bytes;
    const isWorthIt = messages * 2 >= this.#limits.messages || bytes * 2 >= this.#limits.bytes;
    if (!isWorthIt || (messages <= 0 && bytes <= 0)) return undefined;
    const grant = { messages: Math.max(0, messages), bytes: Math.max(0, bytes) };
    this.#unused.messages += grant.messages;
    this.#unused.bytes += grant.bytes;
    return grant;
  }
}
