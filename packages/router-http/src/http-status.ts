import { ChappeError, type ErrorCode } from "@chappe/message";

/**
 * The HTTP status of each error code, after the table of google.rpc.Code that gRPC gateways use.
 *
 * FAILED_PRECONDITION is 400 there, and here: 412 is for conditions in the request's own headers (RFC 9110, section 13),
 * which these are not.
 */
const HTTP_STATUS: Readonly<Record<ErrorCode, number>> = {
  CANCELLED: 499,
  UNKNOWN: 500,
  INVALID_ARGUMENT: 400,
  DEADLINE_EXCEEDED: 504,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  PERMISSION_DENIED: 403,
  RESOURCE_EXHAUSTED: 429,
  FAILED_PRECONDITION: 400,
  ABORTED: 409,
  OUT_OF_RANGE: 400,
  UNIMPLEMENTED: 501,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  DATA_LOSS: 500,
  UNAUTHENTICATED: 401,
};

/** An error for which HTTP has a status of its own: 404, 408, 413, 414, 415 or 431 say more than their code's 400. */
export class HttpError extends ChappeError {
  readonly status: number;

  constructor(status: number, code: ErrorCode, message: string) {
    super(code, message);
    this.status = status;
  }
}

/** The status that answers a request which failed with this error. */
export function httpStatusOf(error: ChappeError): number {
  return error instanceof HttpError ? error.status : HTTP_STATUS[error.code];
}
