import type { Broker } from "@chappe/broker";
import type { ChappeError } from "@chappe/message";
import type { ServerDuplexStream } from "@grpc/grpc-js";
import type { RouterEvent } from "./router-event.ts";
import type { ResolvedRouterOptions } from "./router-options.ts";

/** A Publish or Subscribe stream: frames are bytes on both sides, read and written by this package alone. */
export type FrameStream = ServerDuplexStream<Buffer, Buffer>;

/**
 * The life of a stream, the same for Publish and Subscribe.
 *
 * - `opening`: the client has not said what it wants, or the broker has not let it in yet. Publish skips this.
 *   → `active` when it is in; → `closed` when it is refused, goes, or the router drains.
 * - `active`: all works.
 *   → `draining` when the router drains, or the client's last frame has come and answers are still owed;
 *   → `closed` when the client half-closes, breaks off, or breaks the protocol.
 * - `draining`: takes nothing new, finishes what it has. → `closed` when that is done, or its time is over.
 * - `closed`: holds nothing of the broker's any more. The writer may still be sending the last frame and the status.
 *
 * @typeParam Held what the stream holds while it is in
 * @typeParam Finish what it needs to finish
 */
export type SessionState<Held extends object = object, Finish extends object = object> =
  | { readonly kind: "opening" }
  | ({ readonly kind: "active" } & Held)
  | ({ readonly kind: "draining" } & Held & Finish)
  | { readonly kind: "closed" };

/** A stream, as the router sees it. */
export interface Session {
  /** Who is on the other end: "address:port". Streams of one connection have the same. */
  readonly peer: string;
  /** Resolves when nothing of the stream is left. */
  readonly gone: Promise<void>;
  /** The router is about to stop: asks the client to go elsewhere, and lets it finish. */
  drain(): void;
  /** The store was lost from sight; tells a client that may have something to make sure of. */
  noteInterruption?(): void;
  /** Gives back what is held and ends the stream with `error`, finished or not. */
  close(error: ChappeError): void;
}

/** What a session needs from its router. */
export interface SessionContext {
  readonly broker: Broker;
  readonly options: ResolvedRouterOptions;
  readonly onEvent: (event: RouterEvent) => void;
}
