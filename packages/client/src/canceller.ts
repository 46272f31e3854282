import { type CancelRequestFrame, ChappeError, decodeCancelResponse, encodeCancelRequest } from "@chappe/message";
import { Backoff, type BackoffLimits } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import type { RouterPool } from "./router-pool.ts";
import { closedError } from "./send-errors.ts";

/** What a {@link Canceller} works with. */
export interface CancellerParts {
  readonly pool: RouterPool;
  readonly clock: Clock;
  readonly reconnect: BackoffLimits;
  /** 0 ≤ random() < 1, for jitter. */
  readonly random: () => number;
}

/** A router that is silent for this share of the time is given up, so that another one gets the other half. */
const SILENCE_SHARE = 1 / 2;

/** Takes back delayed messages, through whichever router answers. */
export class Canceller {
  readonly #parts: CancellerParts;
  readonly #timeoutMs: number;
  readonly #closing = new AbortController();

  constructor(parts: CancellerParts, timeoutMs: number) {
    this.#parts = parts;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Resolves with whether the message was still waiting. Tries again, as sends do, until the timeout.
   *
   * @throws ChappeError what the router refuses it with; UNAVAILABLE or DEADLINE_EXCEEDED when none answered in time;
   * CANCELLED when the client is closed
   */
  async cancel(request: CancelRequestFrame): Promise<boolean> {
    const { pool, clock, reconnect, random } = this.#parts;
    const { signal } = this.#closing;
    const frame = encodeCancelRequest(request);
    const backoff = new Backoff(reconnect, random);
    const deadlineMs = clock.now() + this.#timeoutMs;
    let avoid: string | undefined;
    for (;;) {
      if (signal.aborted) throw closedError();
      const lease = pool.lease(avoid);
      try {
        const leftMs = Math.min(deadlineMs - clock.now(), this.#timeoutMs * SILENCE_SHARE);
        return decodeCancelResponse(await lease.channel.ask("Cancel", frame, leftMs, signal)).cancelled;
      } catch (thrown) {
        if (signal.aborted) throw closedError();
        const error = ChappeError.from(thrown);
        const pauseMs = backoff.next();
        if (!error.retryable || clock.now() + pauseMs >= deadlineMs) throw error;
        avoid = lease.channel.router;
        lease.discard();
        await this.#pause(pauseMs);
      } finally {
        lease.release();
      }
    }
  }

  /** Ends what is under way, with CANCELLED. */
  close(): void {
    this.#closing.abort();
  }

  async #pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = this.#parts.clock.setTimeout(resolve, ms);
    const end = () => resolve();
    this.#closing.signal.addEventListener("abort", end, { once: true });
    await promise;
    this.#closing.signal.removeEventListener("abort", end);
    this.#parts.clock.clearTimeout(timer);
  }
}
