/** A message, by who sent it, where to, and as which of its messages there: 1, 2, 3, … */
export interface MessageKey {
  readonly sender: string;
  readonly address: string;
  readonly sequence: number;
}

/** What a message does to the handler that gets it, besides being counted. */
export type Poison = "throw" | "hang" | "kill";

/** A sender program has called for a message to be sent. */
export interface Sent extends MessageKey {
  readonly kind: "sent";
  readonly atMs: number;
  readonly poison?: Poison | undefined;
  readonly orderingKey?: string | undefined;
  /** Its `deliverAt`, by the clock of histories. */
  readonly notBeforeMs?: number | undefined;
  readonly durability: string;
  /** Whether its program sends it again when Redis has lost it soon after. */
  readonly heals: boolean;
}

/** Its promise has resolved. */
export interface Acked extends MessageKey {
  readonly kind: "acked";
  readonly atMs: number;
  readonly id: string;
  readonly duplicate: boolean;
  readonly epoch: string;
  readonly durability: string;
}

/** Its promise has rejected: it may or may not arrive. */
interface SendFailed extends MessageKey {
  readonly kind: "send-failed";
  readonly atMs: number;
  readonly error: string;
}

/** A handler or loop has got a message. */
export interface Delivered extends MessageKey {
  readonly kind: "delivered";
  readonly atMs: number;
  readonly subscription: string;
  /** Unique for each run of a receiver program. */
  readonly consumer: string;
  readonly id: string;
  readonly attempt: number;
  readonly redelivered: boolean;
  /** Messages of this consumer without an outcome, this one included, and what it had granted. */
  readonly held: number;
  readonly credit: number;
}

/**
 * A consumer is about to tell an outcome; and then, where it asks, once more with what became of it: `counted`, or refused
 * because the message was no longer its own.
 */
export interface Settled extends MessageKey {
  readonly kind: "settled";
  readonly atMs: number;
  readonly subscription: string;
  readonly consumer: string;
  readonly outcome: "ack" | "fail";
  readonly counted?: boolean;
}

/** What a client said about itself. */
interface Told {
  readonly kind: "told";
  readonly atMs: number;
  readonly program: string;
  readonly status: string;
  readonly detail: string;
}

/** Status of a program that noticed that it had stood still: its detail says since when, as `fromMs`. */
export const STOOD_STILL = "stoodStill";

/** Redis has lost everything at this moment. */
interface Wiped {
  readonly kind: "wiped";
  readonly atMs: number;
}

/** A program ended though the run had not ended it. */
interface Ended {
  readonly kind: "ended";
  readonly atMs: number;
  /** The run of the program, as consumers and senders are called after it. */
  readonly program: string;
  /** A signal, or an exit code. */
  readonly how: string;
}

/** One line of a history. Times are of the machine's monotonic clock, milliseconds, so that programs agree on them. */
export type HistoryEvent = Sent | Acked | SendFailed | Delivered | Settled | Told | Wiped | Ended;

/** Now, for histories. Does not follow a clock that is set. */
export function historyNowMs(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}

/** Whether a delivery says that it may be a repeat. */
export function isFlagged({ attempt, redelivered }: Delivered): boolean {
  return attempt > 1 || redelivered;
}

/** One text for a message. */
export function keyText({ sender, address, sequence }: MessageKey): string {
  return `${sender} > ${address} #${sequence}`;
}

/** A message at a subscription. */
export function readerText(address: string, subscription: string): string {
  return subscription === "" ? address : `${address}/${subscription}`;
}
