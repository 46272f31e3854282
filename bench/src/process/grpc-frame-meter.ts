import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Http2Stream } from "node:http2";

/** What this process has written to HTTP/2 streams. */
export interface WrittenFrames {
  /** gRPC messages: grpc-js hands each to its stream with one call of `write`. */
  readonly frames: number;
  /** Their bytes, with the five that gRPC puts before each. */
  readonly bytes: number;
}

type Write = (this: Http2Stream, chunk: Buffer, encodingOrDone?: unknown, done?: unknown) => boolean;

const CHANNELS = ["http2.client.stream.created", "http2.server.stream.created"];

/**
 * Counts what is written to all HTTP/2 streams of this process from now on, at the price of two additions for each write.
 * The prototype of streams is not exported; the first stream that comes to be shows it.
 *
 * @returns what reads the counts; they only grow
 */
export function countGrpcFrames(): () => WrittenFrames {
  const counts = { frames: 0, bytes: 0 };
  const onStream = (message: unknown) => {
    for (const channel of CHANNELS) unsubscribe(channel, onStream);
    // ClientHttp2Stream or ServerHttp2Stream → Http2Stream.
    const { stream } = message as { readonly stream: Http2Stream };
    const prototype = Object.getPrototypeOf(Object.getPrototypeOf(stream)) as { write: Write };
    const { write } = prototype;
    prototype.write = function (chunk, encodingOrDone, done) {
      counts.frames++;
      counts.bytes += chunk.length;
      return write.call(this, chunk, encodingOrDone, done);
    };
  };
  for (const channel of CHANNELS) subscribe(channel, onStream);
  return () => ({ ...counts });
}
