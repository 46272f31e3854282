import type { AutocannonOptions } from "../load-options.ts";

/** What a process that runs autocannon is to do. */
export interface AutocannonPlan extends Pick<AutocannonOptions, "bodyBytes" | "pipelining" | "rate"> {
  readonly http: string;
  readonly receiver: string;
  readonly seconds: number;
  /** This process's share. */
  readonly connections: number;
  /** What bodies call the first of its connections; the others follow. */
  readonly firstWorker: number;
}

/** What it tells when it is done. */
export interface AutocannonReport {
  /** Messages answered as stored, by connection. */
  readonly stored: readonly number[];
  readonly seconds: number;
  /** Requests that failed, and how; undefined when none did. */
  readonly failures: string | undefined;
  /** A compressed HdrHistogram of microseconds, in base64. */
  readonly latency: string;
}
