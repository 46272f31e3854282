import type { ChappeError } from "@chappe/message";

/** A consumer that reads over HTTP, and where. */
export interface HttpConsumerName {
  /** "address:port" of the other end. */
  readonly peer: string;
  /** `receiver:<id>` or `topic:<name>`. */
  readonly address: string;
  /** Empty for a receiver's only one. */
  readonly subscription: string;
  readonly consumer: string;
}

/** What happens to an HTTP router that an operator may want to know. Never holds anything of a message's body. */
export type HttpRouterEvent =
  /** Clients can connect. */
  | { readonly kind: "listening"; readonly address: string }
  | ({ readonly kind: "consumer-joined" } & HttpConsumerName)
  /** `crashed`: its connection broke or its lease ran out; what it held is retried, counted. */
  | ({ readonly kind: "consumer-left"; readonly how: "closed" | "crashed" } & HttpConsumerName)
  /** A message that cannot be read went to the dead letters. */
  | ({ readonly kind: "message-unreadable"; readonly error: ChappeError } & HttpConsumerName)
  /** A request failed for a reason that is Chappe's own. */
  | { readonly kind: "request-failed"; readonly method: string; readonly path: string; readonly error: ChappeError }
  /** Shutting down: so many streams are asked to leave within `drainMs`. */
  | { readonly kind: "draining"; readonly streams: number; readonly drainMs: number }
  /** Shut down. `forced` streams had not left in time. */
  | { readonly kind: "closed"; readonly forced: number };
