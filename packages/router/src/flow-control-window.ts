import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { ServerHttp2Session, ServerHttp2Stream } from "node:http2";

/** What a client may have on its way to one stream. At 1 ms round trip it lets 1 GB/s through, the standard 64 KiB 65 MB/s. */
const STREAM_WINDOW_BYTES = 1_048_576;

/** The same for all streams of a connection together. */
const CONNECTION_WINDOW_BYTES = 4 * STREAM_WINDOW_BYTES;

/** Where Node tells of each stream a server accepts. Older versions of Node do not; then windows stay at 64 KiB. */
const STREAM_CREATED = "http2.server.stream.created";

/**
 * Lets clients that stream to `path` send more before they must wait for a reply. grpc-js has an option for it in its
 * client alone; Node's public hook reaches the connections of its server.
 *
 * @returns the way to stop
 */
export function raiseReceiveWindow(path: string): () => void {
  const raised = new WeakSet<ServerHttp2Session>();
  const onStream = (message: unknown): void => {
    const { stream, headers } = message as { stream: ServerHttp2Stream; headers: { ":path"?: string } };
    const session = stream.session as ServerHttp2Session | undefined;
    // The hook tells of every HTTP/2 server in the process; other paths are none of ours.
    if (headers[":path"] !== path || session === undefined || session.destroyed || raised.has(session)) return;
    raised.add(session);
    session.setLocalWindowSize(CONNECTION_WINDOW_BYTES);
    session.settings({ initialWindowSize: STREAM_WINDOW_BYTES });
  };
  subscribe(STREAM_CREATED, onStream);
  return () => {
    unsubscribe(STREAM_CREATED, onStream);
  };
}
