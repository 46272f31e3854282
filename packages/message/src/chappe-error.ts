/**
 * The closed set of error codes: the gRPC status codes that Chappe uses, by their names and numbers.
 *
 * Each code's meaning, and what to do about it, stands in docs/errors.md.
 */
export const ErrorCode = {
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

/** Name of an error code. */
export type ErrorCode = keyof typeof ErrorCode;

const RETRYABLE: ReadonlySet<ErrorCode> = new Set(["UNAVAILABLE", "RESOURCE_EXHAUSTED", "ABORTED"]);

/** What {@link ChappeError} may carry besides its code and message. */
export interface ChappeErrorOptions {
  /** The error this one translates. */
  readonly cause?: unknown;
  /**
   * Whether the same call may succeed later, unchanged.
   *
   * @default true for UNAVAILABLE, RESOURCE_EXHAUSTED and ABORTED, false for every other code
   */
  readonly retryable?: boolean;
  /** On a gap in a producer's sequence: the sequence that is expected next. */
  readonly expectedSequence?: number;
}

/** The only error that Chappe's packages throw or reject with. */
export class ChappeError extends Error {
  override readonly name = "ChappeError";
  readonly code: ErrorCode;
  /** Whether the same call may succeed later, unchanged. */
  readonly retryable: boolean;
  /** On a gap in a producer's sequence: the sequence that is expected next. */
  readonly expectedSequence: number | undefined;

  constructor(code: ErrorCode, message: string, options: ChappeErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? RETRYABLE.has(code);
    this.expectedSequence = options.expectedSequence;
  }

  /** `error` itself when it is a ChappeError, else an UNKNOWN that keeps it as its cause. */
  static from(error: unknown): ChappeError {
    if (error instanceof ChappeError) return error;
    const message = error instanceof Error ? error.message : String(error);
    return new ChappeError("UNKNOWN", message, { cause: error });
  }

  /** "CODE: message", so that a log line is never without its code. */
  override toString(): string {
    return `${this.code}: ${this.message}`;
  }
}

const NAMES = new Map<number, ErrorCode>(
  Object.entries(ErrorCode).map(([name, number]) => [number, name as ErrorCode]),
);

/** The name of a gRPC status code; UNKNOWN for a number outside the set. */
export function errorCodeOf(number: number): ErrorCode {
  return NAMES.get(number) ?? "UNKNOWN";
}
