import { type ChappeError, chappeErrorOf, type FrameSettled } from "@chappe/message";

/** Somebody who waits for the answer to the outcomes of one delivery. */
export interface OutcomeWaiter {
  /** Number of the delivery. */
  readonly delivery: number;
  readonly told: PromiseWithResolvers<void>;
}

/** Frames of outcomes that the router has not answered, as far as somebody waits for the answer. */
export class UnansweredOutcomes {
  readonly #frames = new Map<number, readonly OutcomeWaiter[]>();

  /** Notes the waiters of a frame. */
  add(number: number, waiters: readonly OutcomeWaiter[]): void {
    if (waiters.length > 0) this.#frames.set(number, waiters);
  }

  /** The router has answered a frame. */
  answer({ number, refused }: FrameSettled): void {
    const waiters = this.#frames.get(number);
    if (waiters === undefined) return;
    this.#frames.delete(number);
    for (const { delivery, told } of waiters) {
      const refusal = refused.find((outcome) => outcome.delivery === delivery);
      if (refusal === undefined) told.resolve();
      else told.reject(chappeErrorOf(refusal.error));
    }
  }

  /** No answer will come any more. */
  failAll(error: ChappeError): void {
    for (const waiters of this.#frames.values()) {
      for (const { told } of waiters) told.reject(error);
    }
    this.#frames.clear();
  }
}
