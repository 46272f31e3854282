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

/** How the driver tells that it has no connection: around the reason, and what it noted of the name, mostly nothing. */
const NO_CONNECTION = /^No connection established\. Last error: (?:Error: )?(.*)\. Resolution note: (.*)$/s;

/** Why a stream ended, in Chappe's terms; undefined for OK. `retryable`: whether to open it again. */
export function errorFromStatus(ended: StatusObject, router: string): ChappeError | undefined {
  if (ended.code === status.OK) return undefined;
  const code = errorCodeOf(ended.code);
  return new ChappeError(code, `${router}: ${reasonOf(ended.details)}`, { retryable: !PERMANENT.has(code) });
}

function reasonOf(details: string): string {
  const [, reason, note] = NO_CONNECTION.exec(details) ?? [];
  if (reason === undefined) return details;
  return [reason === "null" ? "no connection" : reason, note].filter((part) => part !== "").join("; ");
}
