import type { Percentiles } from "../result-schema.ts";
import type { Destination } from "./destinations.ts";

/** What a sender program is to do. */
export interface SenderPlan {
  /** Module with the client of the system. */
  readonly client: string;
  /** Where the system is, as its client understands it. */
  readonly addresses: readonly string[];
  /** Its number among the senders. */
  readonly sender: number;
  readonly destinations: readonly Destination[];
  readonly bodyBytes: number;
  /** This sender's share, or as many as will go, or nothing but the bursts that are asked for. */
  readonly rate: number | "max" | "when-asked";
  readonly concurrency: number;
  /** At a rate: messages that may wait for their answers; what is due beyond is sent late, which counts as latency. */
  readonly mostWaiting: number;
  /** At `max`: how many to send in all. Left out: until it is told to stop. */
  readonly messages?: number;
}

/** What a sender program sends when it is asked to. */
export interface Bursts {
  readonly bursts: number;
  /** In each of them. */
  readonly messages: number;
  /** From the start of one to the start of the next, at least. */
  readonly intervalMs: number;
}

/** What a sender program tells when it has stopped. */
export interface SenderReport {
  /** Messages sent to each destination: safe, all of them, unless there are failures. */
  readonly sent: readonly number[];
  readonly failures: number;
  /** What the first failure said. */
  readonly failure: string | undefined;
  readonly lateness: Percentiles | null;
}
