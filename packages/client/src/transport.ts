import { ChappeError } from "@chappe/message";
import {
  type ChannelCredentials,
  Client,
  type ClientDuplexStream,
  type ClientOptions,
  connectivityState,
  Metadata,
  status,
  type StatusObject,
} from "@grpc/grpc-js";
import { errorFromStatus } from "./grpc-status.ts";

/** What a {@link Call} tells its owner. Nothing is told after `cancel`. */
export interface CallListener {
  /** A frame came. The bytes are the owner's to keep. */
  onFrame(bytes: Buffer): void;
  /** The call is over; without an error, the router ended it in peace. Comes once, and last. */
  onEnd(error: ChappeError | undefined): void;
  /** The router takes frames again, after `write` returned false. */
  onDrain(): void;
}

/** A stream to a router: frames both ways. */
export interface Call {
  /** Sends a frame. False: it is sent, but the next one should wait for `onDrain`. */
  write(frame: Buffer): boolean;
  /** Half-closes: no more frames from here. */
  end(): void;
  /** Ends the call at once. */
  cancel(): void;
}

/** The two streaming methods of `chappe.v1.MessageService`. */
export type Method = "Publish" | "Subscribe";

/** Those that ask once. */
export type UnaryMethod = "Cancel";

/** A connection to one router, made when the first call needs it. */
export interface RouterChannel {
  readonly router: string;
  /** Opens a stream. Until the connection stands, frames wait in it. */
  open(method: Method, listener: CallListener): Call;
  /**
   * Asks once, and resolves with the answer. `signal` ends the call.
   *
   * @throws ChappeError (as a rejection) what the router answered it with; DEADLINE_EXCEEDED after `timeoutMs`
   */
  ask(method: UnaryMethod, request: Buffer, timeoutMs: number, signal: AbortSignal): Promise<Buffer>;
  /** Calls back once, when the connection that stands now takes no further calls: the router asked to leave, or it broke. */
  onLeaving(listener: () => void): void;
  /** Ends the connection and every call on it. */
  close(): void;
}

/** How to reach routers. */
export interface TransportOptions {
  readonly credentials: ChannelCredentials;
  /** How long the making of a connection may take, in milliseconds. */
  readonly connectTimeoutMs: number;
}

/**
 * Deliveries are cut far below this, unless a single message is larger; routers allow bodies of up to 64 MiB. The limit on
 * what is held at once is the credit.
 */
const MAX_RECEIVE_BYTES = 72 * 1_048_576;

/** HTTP/2's default of 64 KiB would let one batch of deliveries travel per round trip. */
const FLOW_CONTROL_WINDOW_BYTES = 4 * 1_048_576;

const CHANNEL_OPTIONS: ClientOptions = {
  // A retry of the whole stream by grpc is of no use, and its buffer would hide that the socket is full.
  "grpc.per_rpc_retry_buffer_size": 0,
  "grpc.enable_retries": 0,
  "grpc.enable_channelz": 0,
  "grpc.max_send_message_length": -1,
  "grpc.max_receive_message_length": MAX_RECEIVE_BYTES,
  "grpc-node.flow_control_window": FLOW_CONTROL_WINDOW_BYTES,
  // A silent peer is found within 30 s. Pings are sent only while a stream is open.
  "grpc.keepalive_time_ms": 20_000,
  "grpc.keepalive_timeout_ms": 10_000,
  // A new channel must not inherit the backoff, nor the half-dead connection, of the one it replaces.
  "grpc.use_local_subchannel_pool": 1,
  // Clients of a name with many addresses spread over them.
  "grpc.service_config": JSON.stringify({
    loadBalancingConfig: [{ pick_first: { shuffleAddressList: true } }],
  }),
};

/** A call that ends well without an answer breaks the rules of gRPC. */
const EMPTY_ANSWER: StatusObject = { code: status.INTERNAL, details: "no answer", metadata: new Metadata() };

const identity = (frame: Buffer): Buffer => frame;

/** The only place that touches grpc-js: a channel to one router. Frames go through it as bytes. */
export function openGrpcChannel(router: string, options: TransportOptions): RouterChannel {
  const client = new Client(router, options.credentials, CHANNEL_OPTIONS);
  const channel = client.getChannel();
  return {
    router,
    open: (method, listener) => {
      const path = `/chappe.v1.MessageService/${method}`;
      const stream = client.makeBidiStreamRequest<Buffer, Buffer>(path, identity, identity);
      const isConnected = () => channel.getConnectivityState(false) === connectivityState.READY;
      return new GrpcCall(stream, listener, router, options.connectTimeoutMs, isConnected);
    },
    ask: (method, request, timeoutMs, signal) =>
      new Promise((resolve, reject) => {
        const path = `/chappe.v1.MessageService/${method}`;
        const deadline = Date.now() + timeoutMs;
        const call = client.makeUnaryRequest<Buffer, Buffer>(
          ...[path, identity, identity, request, new Metadata(), { deadline }],
          (error, answer) => {
            signal.removeEventListener("abort", end);
            if (error === null && answer !== undefined) resolve(answer);
            else reject(ChappeError.from(errorFromStatus(error ?? EMPTY_ANSWER, router)));
          },
        );
        const end = () => call.cancel();
        signal.addEventListener("abort", end, { once: true });
      }),
    onLeaving: (listener) => {
      if (channel.getConnectivityState(false) !== connectivityState.READY) return listener();
      channel.watchConnectivityState(connectivityState.READY, Number.POSITIVE_INFINITY, (error) => {
        if (error === undefined) listener();
      });
    },
    close: () => client.close(),
  };
}

type CallState = "connecting" | "open" | "ended";

class GrpcCall implements Call {
  readonly #stream: ClientDuplexStream<Buffer, Buffer>;
  readonly #connectTimer: NodeJS.Timeout;
  #state: CallState = "connecting";

  constructor(
    stream: ClientDuplexStream<Buffer, Buffer>,
    listener: CallListener,
    router: string,
    connectTimeoutMs: number,
    isConnected: () => boolean,
  ) {
    this.#stream = stream;
    // A peer that swallows packets answers neither yes nor no, and grpc would wait for it for 20 s.
    this.#connectTimer = setTimeout(() => {
      if (this.#state !== "connecting" || isConnected()) return;
      this.cancel();
      listener.onEnd(new ChappeError("UNAVAILABLE", `${router}: no connection within ${connectTimeoutMs} ms`));
    }, connectTimeoutMs);
    stream.on("data", (frame: Buffer) => {
      if (this.#state === "connecting") this.#opened();
      if (this.#state === "open") listener.onFrame(frame);
    });
    stream.on("drain", () => {
      if (this.#state !== "ended") listener.onDrain();
    });
    // `status` tells the same; an `error` event that nobody hears would end the process.
    stream.on("error", () => {});
    stream.on("status", (ended: StatusObject) => {
      if (!this.#end()) return;
      listener.onEnd(errorFromStatus(ended, router));
    });
  }

  write(frame: Buffer): boolean {
    return this.#state === "ended" || this.#stream.writableEnded ? true : this.#stream.write(frame);
  }

  end(): void {
    if (this.#state !== "ended") this.#stream.end();
  }

  cancel(): void {
    if (this.#end()) this.#stream.cancel();
  }

  #opened(): void {
    this.#state = "open";
    clearTimeout(this.#connectTimer);
  }

  #end(): boolean {
    if (this.#state === "ended") return false;
    this.#state = "ended";
    clearTimeout(this.#connectTimer);
    return true;
  }
}
