import type { SendingEnd } from "./send-all.ts";
import type { Tally } from "./tally.ts";

/** What a run of the sender came to. */
export interface Summary {
  /** Where the messages went. */
  readonly address: string;
  readonly end: SendingEnd["kind"];
  /** Messages given to the client. */
  readonly sent: number;
  /** Messages known to be safe. */
  readonly receipts: number;
  /** Safe messages that the router had stored before; it keeps one. */
  readonly duplicates: number;
  readonly elapsedMs: number;
  readonly messagesPerSecond: number;
  /** From when a message was due until it was safe. */
  readonly latencyMs: { readonly p50: number; readonly p99: number };
}

/** Sums a run up. */
export function summaryOf(address: string, end: SendingEnd["kind"], tally: Tally): Summary {
  const { sent, receipts, duplicates, elapsedMs } = tally;
  return {
    address,
    end,
    sent,
    receipts,
    duplicates,
    elapsedMs: rounded(elapsedMs),
    messagesPerSecond: elapsedMs > 0 ? Math.round((receipts / elapsedMs) * 1000) : 0,
    latencyMs: { p50: rounded(tally.latencyMs(50)), p99: rounded(tally.latencyMs(99)) },
  };
}

/** The summary as a line for people. */
export function summaryText(summary: Summary): string {
  const { address, sent, receipts, duplicates, latencyMs } = summary;
  if (sent === 1 && receipts === 1) {
    const before = duplicates === 0 ? "" : ", which had been stored before and was not stored again";
    return `sent 1 message to ${address}${before}, safe after ${latencyMs.p50} ms`;
  }
  const parts = [
    `sent ${grouped(sent)} ${sent === 1 ? "message" : "messages"} to ${address}: ${grouped(receipts)} safe`,
    ...(duplicates > 0 ? [`${grouped(duplicates)} of them had been stored before`] : []),
    ...(receipts > 0
      ? [
          `${(summary.elapsedMs / 1000).toFixed(2)} s`,
          `${grouped(summary.messagesPerSecond)} messages/s`,
          `p50 ${latencyMs.p50} ms`,
          `p99 ${latencyMs.p99} ms`,
        ]
      : []),
  ];
  return parts.join(", ");
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}

function grouped(count: number): string {
  return count.toLocaleString("en-US");
}
