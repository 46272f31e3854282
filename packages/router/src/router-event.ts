import type { ChappeError } from "@chappe/message";

/** A consumer and where it reads. */
export interface ConsumerName {
  /** "address:port" of the other end. */
  readonly peer: string;
  /** `receiver:<id>` or `topic:<name>`. */
  readonly address: string;
  /** Empty for a receiver's only one. */
  readonly subscription: string;
  readonly consumer: string;
}

/** What happens to a router that an operator may want to know. Never holds anything of a message's body. */
export type RouterEvent =
  /** Clients can connect. */
  | { readonly kind: "listening"; readonly address: string }
  /** The store answers; health says SERVING. */
  | { readonly kind: "ready" }
  /** The store does not answer; health says NOT_SERVING. Said once, not for every try. */
  | { readonly kind: "not-ready"; readonly error: ChappeError }
  | ({ readonly kind: "consumer-joined" } & ConsumerName)
  /** `crashed`: its stream broke or its lease ran out; what it held is retried, counted. */
  | ({ readonly kind: "consumer-left"; readonly how: "closed" | "crashed" } & ConsumerName)
  /** A stream was ended because of what its client sent, or because the broker would not have it. */
  | {
      readonly kind: "stream-refused";
      readonly method: "Publish" | "Subscribe";
      readonly peer: string;
      readonly error: ChappeError;
    }
  /** Shutting down: so many streams are asked to leave within `drainMs`. */
  | { readonly kind: "draining"; readonly streams: number; readonly drainMs: number }
  /** Shut down. `forced` streams had not left in time. */
  | { readonly kind: "closed"; readonly forced: number };
