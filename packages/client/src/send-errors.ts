import { ChappeError } from "@chappe/message";

/** `send` on a client that is closing or closed. */
export function closedError(): ChappeError {
  return new ChappeError("CANCELLED", "the client is closed");
}

/** The client was closed before the answer came. @param attempts how often the batch was sent */
export function closedUnansweredError(attempts: number): ChappeError {
  return new ChappeError("CANCELLED", `the client was closed before the router answered; ${fate(attempts)}`);
}

/** The deadline passed before the answer came. @param cause the last trouble there was, if any */
export function sendTimeoutError(timeoutMs: number, attempts: number, cause: ChappeError | undefined): ChappeError {
  const why = cause === undefined ? "" : ` Last error: ${cause.message}`;
  return new ChappeError(
    "DEADLINE_EXCEEDED",
    `not acknowledged within ${timeoutMs} ms; ${fate(attempts)}.${why}`,
    cause === undefined ? {} : { cause },
  );
}

/** No room for the message, and the client is told not to wait for it. */
export function fullError(maxPendingBytes: number): ChappeError {
  return new ChappeError(
    "RESOURCE_EXHAUSTED",
    `sends without an answer take ${maxPendingBytes} bytes, which is all they may (maxPendingBytes); the message was not sent`,
  );
}

/** The router does not answer what it was sent. */
export function silentRouterError(router: string, ms: number): ChappeError {
  return new ChappeError("UNAVAILABLE", `${router}: no answer to a publish for ${ms} ms`);
}

function fate(attempts: number): string {
  return attempts === 0 ? "the message was not sent" : "the message may still arrive";
}
