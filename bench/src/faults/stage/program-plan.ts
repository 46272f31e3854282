import type { Durability } from "@chappe/client";
import type { Poison } from "../history/history-event.ts";

/** What all programs of a run know. */
interface ProgramPlan {
  /** Unique for each run of a program. */
  readonly name: string;
  readonly routers: readonly string[];
  readonly historyFile: string;
}

/** What a sender program sends to one address. */
export interface Sending {
  /** `receiver:<id>` or `topic:<name>`. */
  readonly address: string;
  /** Messages a second. */
  readonly rate: number;
  /** How many ordering keys its messages take in turn. @default none */
  readonly orderingKeys?: number;
  /** Each message has a delivery time, at most so much ahead. @default none */
  readonly delayedUpToMs?: number;
  /** Each message is sent twice with one deduplication id, at most so much apart. @default once, without an id */
  readonly againWithinMs?: number;
}

/** How a sender program works. */
export interface SenderPlan extends ProgramPlan {
  readonly sendings: readonly Sending[];
  readonly durability: Durability;
  /** Whether it keeps what was acknowledged for a while, to send it again when Redis has lost it. */
  readonly heals: boolean;
}

/** One subscription that a receiver program reads. */
export interface Reading {
  readonly address: string;
  readonly subscription: string;
  /** Messages that it holds at most. */
  readonly credit: number;
  /** With a handler, one at a time; or gathering as many as the credit allows before it settles them. */
  readonly mode: "handle" | "gather";
}

/** How a receiver program works. */
export interface ReceiverPlan extends ProgramPlan {
  readonly readings: readonly Reading[];
}

/** What a running program is told to do. */
export type Order =
  | { readonly kind: "poison"; readonly poison: Poison; readonly address: string }
  /** Let nothing else happen for so long. */
  | { readonly kind: "block"; readonly forMs: number }
  /** Set the clock by which Date goes. */
  | { readonly kind: "shift-clock"; readonly byMs: number }
  /** Take so long for each message. */
  | { readonly kind: "slow"; readonly perMessageMs: number };

/** What a program answers to an order to block, to set its clock, or to be slow. */
export interface Obeyed {
  readonly kind: "obeyed";
  /** Milliseconds in which nothing else happened; by which Date is off now; or that each message takes from now on. */
  readonly sawMs: number;
}

/** A message's body, as text. */
export interface BodyContent {
  readonly sender: string;
  readonly sequence: number;
  readonly poison?: Poison;
}
