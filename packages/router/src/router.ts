import { isInterruptible } from "@chappe/broker";
import type { ChappeError } from "@chappe/message";
import type { CancelRequest__Output, SendRequest__Output } from "@chappe/proto";
import { type sendUnaryData, Server, type ServerOptions, type ServerUnaryCall } from "@grpc/grpc-js";
import { answerCancel } from "./cancel-call.ts";
import { connectionAgeOptions, watchConnectionAge } from "./connection-age.ts";
import { raiseReceiveWindow } from "./flow-control-window.ts";
import { toStatus } from "./grpc-status.ts";
import { HealthService } from "./health-service.ts";
import { formatListen } from "./listen-target.ts";
import { Listener } from "./listener.ts";
import { PublishSession } from "./publish-session.ts";
import { Readiness } from "./readiness.ts";
import { addReflection } from "./reflection.ts";
import { type ResolvedRouterOptions, resolveRouterOptions, type RouterOptions } from "./router-options.ts";
import { answerSend } from "./send-call.ts";
import { DESCRIBED_PROTOS, loadMessageService, MESSAGE_SERVICE } from "./service-definitions.ts";
import type { FrameStream, SessionContext } from "./session.ts";
import { SessionRegistry } from "./session-registry.ts";
import { SubscribeSession } from "./subscribe-session.ts";

/** What clients of grpc-js take without being told otherwise. */
const MIN_FRAME_BYTES = 4 * 1_048_576;

/** What stands around one message in a frame: its record's other fields and the batch's header, with room to spare. */
const FRAME_OVERHEAD_BYTES = 65_536;

/** Connections whose calls have all ended have this long to send their last bytes. */
const LAST_BYTES_MS = 1_000;

/** A router that is running. */
export interface Router extends AsyncDisposable {
  /** What clients connect to: `host:port`, with the port that was taken, or `unix:/path`. */
  readonly address: string;
  /** The port; 0 for a unix socket. */
  readonly port: number;
  /** Streams open now. */
  readonly streams: number;
  /** Why health says NOT_SERVING, where the store is the reason; undefined while it answers. */
  readonly notReady: ChappeError | undefined;
  /**
   * Stops without losing anything: says NOT_SERVING, takes no new calls, asks each stream to leave, answers what came,
   * waits up to `drainMs` for consumers to settle what they hold, gives back the rest, uncounted. Resolves when all is
   * over; never rejects. The broker stays open.
   */
  drain(): Promise<void>;
  /** The same without waiting for clients. */
  close(): Promise<void>;
}

/**
 * Exposes a broker over gRPC. It accepts calls once this resolves; whether the broker's store answers by then, health
 * says.
 *
 * @throws ChappeError INVALID_ARGUMENT for an option that is not allowed; FAILED_PRECONDITION, PERMISSION_DENIED or
 * UNAVAILABLE when it cannot listen
 */
export async function startRouter(options: RouterOptions): Promise<Router> {
  const resolved = resolveRouterOptions(options);
  const { broker, listen, credentials, onEvent, readinessMs, maxConnectionAgeMs, drainMs } = resolved;
  const sessions = new SessionRegistry();
  const health = new HealthService([MESSAGE_SERVICE]);
  const server = createServer(resolved, sessions, health);
  const listener = await Listener.start(server, listen, credentials, (socket) => {
    watchConnectionAge(socket, maxConnectionAgeMs, (peer) => void sessions.drainPeer(peer, drainMs));
  });
  onEvent({ kind: "listening", address: formatListen(listener.target) });
  // Answers that the store gave before, and that waited for others which failed with it, go first: of the loss they show
  // nothing.
  const noteInterruption = (): void => void setImmediate(() => sessions.noteInterruption());
  const stopHearing = isInterruptible(broker) ? broker.onInterrupted(noteInterruption) : () => {};
  const stopRaisingWindows = raiseReceiveWindow(`/${MESSAGE_SERVICE}/Publish`);
  const readiness = new Readiness(broker, readinessMs, (error) => {
    health.set(error === undefined ? "SERVING" : "NOT_SERVING");
    onEvent(error === undefined ? { kind: "ready" } : { kind: "not-ready", error });
  });
  await readiness.start();
  return new RunningRouter({
    options: resolved,
    sessions,
    health,
    server,
    listener,
    readiness,
    stopHearing,
    stopRaisingWindows,
  });
}

interface RouterParts {
  readonly options: ResolvedRouterOptions;
  readonly sessions: SessionRegistry;
  readonly health: HealthService;
  readonly server: Server;
  readonly listener: Listener;
  readonly readiness: Readiness;
  readonly stopHearing: () => void;
  readonly stopRaisingWindows: () => void;
}

class RunningRouter implements Router {
  readonly address: string;
  readonly port: number;
  readonly #parts: RouterParts;
  #stopping: Promise<void> | undefined;

  constructor(parts: RouterParts) {
    const { target } = parts.listener;
    this.address = formatListen(target);
    this.port = "port" in target ? target.port : 0;
    this.#parts = parts;
  }

  get streams(): number {
    return this.#parts.sessions.size;
  }

  get notReady(): ChappeError | undefined {
    return this.#parts.readiness.error;
  }

  drain(): Promise<void> {
    const { sessions, options } = this.#parts;
    this.#stopping ??= this.#stop(() => sessions.drain(options.drainMs));
    return this.#stopping;
  }

  async close(): Promise<void> {
    // Closing the streams here cuts a drain that is under way short: they are what it waits for.
    const closing = this.#parts.sessions.close();
    this.#stopping ??= this.#stop(() => closing);
    await this.#stopping;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #stop(endStreams: () => Promise<number>): Promise<void> {
    const { options, sessions, health, server, listener, readiness, stopHearing, stopRaisingWindows } = this.#parts;
    const { drainMs, onEvent } = options;
    onEvent({ kind: "draining", streams: sessions.size, drainMs });
    readiness.stop();
    stopHearing();
    health.set("NOT_SERVING");
    // Later than the streams' own deadline, or they would break instead of ending.
    listener.leave(drainMs + 2 * LAST_BYTES_MS);
    const forced = await endStreams();
    health.endWatches();
    await listener.close(LAST_BYTES_MS);
    stopRaisingWindows();
    server.forceShutdown();
    onEvent({ kind: "closed", forced });
  }
}

function createServer(options: ResolvedRouterOptions, sessions: SessionRegistry, health: HealthService): Server {
  const { broker, onEvent } = options;
  const context: SessionContext = { broker, options, onEvent };
  const server = new Server(serverOptions(options));
  const unary =
    <Request, Response>(answer: (request: Request) => Promise<Response>) =>
    (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
      const answered = answer(call.request).then(
        (response) => callback(null, response),
        (error: unknown) => callback(toStatus(error)),
      );
      sessions.addUnary(answered);
    };
  server.addService(loadMessageService(), {
    Send: unary((request: SendRequest__Output) => answerSend(request, context)),
    Cancel: unary((request: CancelRequest__Output) => answerCancel(request, context)),
    Publish: (call: FrameStream) => sessions.add(new PublishSession(call, context)),
    Subscribe: (call: FrameStream) => sessions.add(new SubscribeSession(call, context)),
  });
  health.addTo(server);
  addReflection(server, DESCRIBED_PROTOS);
  return server;
}

function serverOptions(options: ResolvedRouterOptions): ServerOptions {
  const { maxMessageBytes, keepaliveMs, keepaliveTimeoutMs, maxConnectionAgeMs, drainMs } = options;
  const maxFrameBytes = Math.max(MIN_FRAME_BYTES, maxMessageBytes + FRAME_OVERHEAD_BYTES);
  return {
    "grpc.max_receive_message_length": maxFrameBytes,
    "grpc.max_send_message_length": maxFrameBytes,
    "grpc.keepalive_time_ms": keepaliveMs,
    "grpc.keepalive_timeout_ms": keepaliveTimeoutMs,
    // It keeps a record of every call for a debugging protocol that is not served here.
    "grpc.enable_channelz": 0,
    ...connectionAgeOptions(maxConnectionAgeMs, drainMs),
  };
}
