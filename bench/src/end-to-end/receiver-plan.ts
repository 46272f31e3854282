import type { Verdict } from "./order-checker.ts";
import type { Destination, Reading } from "./destinations.ts";

/** What a receiver program is to do. */
export interface ReceiverPlan {
  /** Module with the client of the system. */
  readonly client: string;
  /** Where the system is, as its client understands it. */
  readonly addresses: readonly string[];
  /** Its number among the receiver programs. */
  readonly program: number;
  readonly destinations: readonly Destination[];
  readonly readings: readonly Reading[];
  readonly bodyBytes: number;
  /** Whether the program is one client, or each reading is. */
  readonly connections: "per-program" | "per-receiver";
}

/** What a receiver program tells in the end. */
export interface ReceiverReport {
  readonly verdict: Verdict;
  /** Latencies since the mark: a compressed HdrHistogram in base64. */
  readonly latency: string;
}
