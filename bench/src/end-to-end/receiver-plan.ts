import type { Verdict } from "./order-checker.ts";
import type { Destination, Reading } from "./destinations.ts";

/** What a receiver program is to do. */
export interface ReceiverPlan {
  readonly router: string;
  /** Its number among the receiver programs. */
  readonly program: number;
  readonly destinations: readonly Destination[];
  readonly readings: readonly Reading[];
  readonly bodyBytes: number;
}

/** How far a receiver program has come. */
export interface ReceiverProgress {
  readonly count: number;
  /** When this was so, by the machine's monotonic clock. */
  readonly atMicros: number;
}

/** What a receiver program tells in the end. */
export interface ReceiverReport {
  readonly verdict: Verdict;
  /** Latencies since the mark: a compressed HdrHistogram in base64. */
  readonly latency: string;
}
