import type { OutcomeKind } from "@chappe/broker";
import type { ErrorCode } from "@chappe/message";

/** Attempts from this one on are counted together. */
const LAST_ATTEMPT = 10;

/** What passed through a broker since its process began: numbers that cost an addition for each batch. */
export class Traffic {
  publishedMessages = 0;
  publishedBatches = 0;
  publishedBytes = 0;
  /** Batches that had been stored before. */
  duplicateBatches = 0;
  /** Batches whose answer the store owes. */
  unansweredBatches = 0;
  readonly failedBatches = new Map<ErrorCode, number>();
  deliveredBytes = 0;
  /** Messages handed out for the first time, the second, and so on. */
  readonly deliveredMessages: number[] = new Array<number>(LAST_ATTEMPT).fill(0);
  /** Messages that consumers hold. */
  heldMessages = 0;
  readonly outcomes: Record<OutcomeKind, number> = { ack: 0, release: 0, fail: 0, reject: 0 };
  refusedOutcomes = 0;
  consumers = 0;
  crashedConsumers = 0;
  retriedMessages = 0;
  deadMessages = 0;
  /** How often a consumer was told that its address has lost its history. */
  epochChanges = 0;
  /** Messages past their time that were dropped. */
  expiredMessages = 0;

  notePublished(messages: number, bytes: number, duplicate: boolean): void {
    if (duplicate) {
      this.duplicateBatches++;
      return;
    }
    this.publishedBatches++;
    this.publishedMessages += messages;
    this.publishedBytes += bytes;
  }

  noteFailed(code: ErrorCode): void {
    this.failedBatches.set(code, (this.failedBatches.get(code) ?? 0) + 1);
  }

  noteDelivered(attempt: number, messages: number, bytes: number): void {
    this.deliveredMessages[Math.min(attempt, LAST_ATTEMPT) - 1]! += messages;
    this.deliveredBytes += bytes;
    this.heldMessages += messages;
  }
}

/** How the metrics call an attempt: "1", "2", … and "10+". */
export function attemptLabel(index: number): string {
  return index + 1 === LAST_ATTEMPT ? `${LAST_ATTEMPT}+` : String(index + 1);
}
