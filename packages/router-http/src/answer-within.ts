import { ChappeError } from "@chappe/message";

/**
 * Waits for `answer`, though not for ever: a store that is away may not say so.
 *
 * @param what for the error's text, such as "the store did not answer"
 * @throws ChappeError UNAVAILABLE after `ms`; whatever `answer` throws. What was begun goes on.
 */
export async function answerWithin<T>(answer: Promise<T>, ms: number, what: string): Promise<T> {
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(() => timeout.reject(new ChappeError("UNAVAILABLE", `${what} within ${ms} ms`)), ms);
  return Promise.race([answer, timeout.promise]).finally(() => clearTimeout(timer));
}
