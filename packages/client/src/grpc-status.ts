import { ChappeError, type ErrorCode, errorCodeOf } from "@chappe/message";
import { type StatusObject, status } from "@grpc/grpc-js";

/**
 * Codes that say: this stream will fail again. All others, INTERNAL and UNKNOWN among them, also come from broken
 * connections, proxies and routers on their way out, and another attempt may succeed.
 */
const PERMANENT: ReadonlySet<ErrorCode> = new Set([
  "INVALID_ARGUMENT",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "FAILED_PRECONDITION",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "UNAUTHENTICATED",
]);

/** Why a stream ended, in Chappe's terms; undefined for OK. `retryable`: whether to open it again. */
export function errorFromStatus(ended: StatusObject, router: string): ChappeError | undefined {
  if (ended.code === status.OK) return undefined;
  const code = errorCodeOf(ended.code);
  return new ChappeError(code, `${router}: ${ended.details}`, { retryable: !PERMANENT.has(code) });
}
