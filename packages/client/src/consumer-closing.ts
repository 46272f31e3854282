import { ChappeError } from "@chappe/message";
import type { Clock } from "./clock.ts";
import type { Consumer } from "./consumer.ts";

/** How to close. */
export interface CloseOptions {
  /**
   * How long to wait for what is going on: handlers, and answers of the router. Then it is broken off, and messages without
   * an outcome are given back, uncounted.
   *
   * @default 25_000, within the 30 s that Kubernetes gives a program
   */
  readonly deadlineMs?: number;
}

export const DEFAULT_CLOSE_MS = 25_000;

/**
 * Drains a consumer: it takes nothing more, what is being handled may end until the deadline, and all the rest is given
 * back.
 *
 * @param handled resolves when nothing is being handled any more
 */
export async function closeConsumer(
  consumer: Consumer,
  handled: Promise<void>,
  clock: Clock,
  deadlineMs: number,
): Promise<void> {
  consumer.drain();
  const deadline = Promise.withResolvers<"late">();
  const timer = clock.setTimeout(() => deadline.resolve("late"), deadlineMs);
  if ((await Promise.race([handled, deadline.promise])) === "late") {
    consumer.abortHandlers(new ChappeError("CANCELLED", "the client is closing, and has waited long enough"));
  }
  clock.clearTimeout(timer);
  await consumer.finish();
}
