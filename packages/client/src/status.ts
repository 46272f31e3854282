import type { ChappeError } from "@chappe/message";

/** What a stream to a router is for: sending, or receiving from one address. */
export type StreamPurpose =
  | { readonly kind: "publish" }
  | { readonly kind: "subscribe"; readonly address: string; readonly subscription: string };

/**
 * What a client tells about itself. None of it asks for action: what can be mended is mended without being asked.
 *
 * - `connected`: a stream is up.
 * - `disconnected`: a stream has ended; the next attempt follows after `retryInMs`.
 * - `draining`: the router is about to stop; the stream moves to another one.
 * - `epochChanged`: the address has a new history; messages stored earlier may be lost.
 * - `retrying`: the router did not take a message for now, such as when its store is away or a queue is full. It is sent again
 *   until its deadline. Told once for each address of a sender, until that takes something again.
 * - `healed`: batches that were acknowledged, and then lost by Redis, were sent again.
 * - `revoked`: messages were taken from this consumer, because its lease was over.
 * - `refused`: outcomes of messages that were no longer this consumer's did not count.
 * - `failed`: a subscription has ended for good.
 */
export type Status =
  | {
      readonly kind: "connected";
      readonly router: string;
      readonly stream: StreamPurpose;
      /** Of a topic: the subscription was there already, and goes on where it stands, whatever `startFrom` said. */
      readonly resumed?: boolean;
    }
  | {
      readonly kind: "disconnected";
      readonly router: string;
      readonly stream: StreamPurpose;
      readonly error: ChappeError;
      readonly retryInMs: number;
    }
  | { readonly kind: "draining"; readonly router: string; readonly stream: StreamPurpose }
  | { readonly kind: "epochChanged"; readonly address: string; readonly epoch: string }
  | { readonly kind: "retrying"; readonly address: string; readonly error: ChappeError }
  | { readonly kind: "healed"; readonly address: string; readonly batches: number }
  | { readonly kind: "revoked"; readonly address: string; readonly messages: number }
  | {
      readonly kind: "refused";
      readonly address: string;
      readonly messages: number;
      readonly error: ChappeError;
    }
  | { readonly kind: "failed"; readonly stream: StreamPurpose; readonly error: ChappeError };

/** Gets a client's {@link Status}. */
export type StatusListener = (status: Status) => void;

/** A listener that cannot harm the caller: what it throws becomes a warning of the process. */
export function guardListener(listener: StatusListener | undefined): StatusListener {
  if (listener === undefined) return () => {};
  return (status) => {
    try {
      listener(status);
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error), {
        detail: "thrown by the onStatus function of a Chappe client",
      });
    }
  };
}
