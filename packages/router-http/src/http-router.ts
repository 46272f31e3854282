import type { FastifyInstance } from "fastify";
import { createHttpApp } from "./http-app.ts";
import type { HttpContext } from "./http-context.ts";
import { type HttpRouterOptions, resolveHttpRouterOptions } from "./http-router-options.ts";
import { listen, tlsServerOptions } from "./listen.ts";
import { RequestsInFlight } from "./requests-in-flight.ts";
import { routesOf } from "./routes.ts";
import { storeReadiness } from "./store-readiness.ts";
import { StreamRegistry } from "./stream-registry.ts";

/** Answers that are on their way when the router stops have this long. */
const LAST_ANSWERS_MS = 1_000;

/** An HTTP router that is running. */
export interface HttpRouter extends AsyncDisposable {
  /** Where it listens: `host:port`, with the port that was taken, or `unix:/path`. */
  readonly address: string;
  /** Streams of consumers open now. */
  readonly streams: number;
  /**
   * Stops without losing anything: `/readyz` says 503, nothing new is taken, each stream is asked to leave, what came is
   * answered. Waits up to `drainMs` for consumers to settle what they hold, and gives back the rest, uncounted. Resolves
   * when all is over; never rejects. The broker stays open.
   */
  drain(): Promise<void>;
  /** The same without waiting for clients. */
  close(): Promise<void>;
}

/**
 * Exposes a broker over HTTP. It accepts requests once this resolves; whether the broker's store answers by then,
 * `/readyz` says.
 *
 * @throws ChappeError INVALID_ARGUMENT for an option that is not allowed; FAILED_PRECONDITION, PERMISSION_DENIED or
 * UNAVAILABLE when it cannot listen
 */
export async function startHttpRouter(options: HttpRouterOptions): Promise<HttpRouter> {
  const { broker, readiness, metrics, onEvent = () => {} } = options;
  const context: HttpContext = {
    broker,
    options: resolveHttpRouterOptions(options),
    streams: new StreamRegistry(),
    requests: new RequestsInFlight(),
    readiness: readiness === undefined ? storeReadiness(broker) : async () => readiness(),
    metrics,
    onEvent,
  };
  metrics?.observeStreams("http", () => context.streams.size);
  const https = options.tls === undefined ? null : tlsServerOptions(options.tls);
  const app = createHttpApp(routesOf(context), context, https);
  const address = await listen(app, options.listen ?? "0.0.0.0:9080");
  onEvent({ kind: "listening", address });
  return new RunningHttpRouter(app, context, address);
}

class RunningHttpRouter implements HttpRouter {
  readonly address: string;
  readonly #app: FastifyInstance;
  readonly #context: HttpContext;
  #stopping: Promise<void> | undefined;
  #breaking: NodeJS.Timeout | undefined;

  constructor(app: FastifyInstance, context: HttpContext, address: string) {
    this.#app = app;
    this.#context = context;
    this.address = address;
  }

  get streams(): number {
    return this.#context.streams.size;
  }

  drain(): Promise<void> {
    const { streams, options } = this.#context;
    this.#stopping ??= this.#stop(options.drainMs, () => streams.drain(options.drainMs));
    return this.#stopping;
  }

  async close(): Promise<void> {
    // Closing the streams here cuts a drain that is under way short: they are what it waits for.
    const closing = this.#context.streams.close();
    this.#stopping ??= this.#stop(0, () => closing);
    await closing;
    this.#breakConnectionsIn(LAST_ANSWERS_MS);
    await this.#stopping;
    clearTimeout(this.#breaking);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** It listens until the last stream has left, for consumers settle through requests of their own. */
  async #stop(drainMs: number, endStreams: () => Promise<number>): Promise<void> {
    const { streams, requests, onEvent } = this.#context;
    const deadline = performance.now() + drainMs;
    onEvent({ kind: "draining", streams: streams.size, drainMs });
    const forced = await endStreams();
    this.#breakConnectionsIn(Math.max(LAST_ANSWERS_MS, deadline - performance.now()));
    const closed = this.#app.close();
    await requests.idle();
    // Connections that never carried a request count as busy for Node, and would be waited for.
    this.#app.server.closeAllConnections();
    await closed;
    clearTimeout(this.#breaking);
    onEvent({ kind: "closed", forced });
  }

  #breakConnectionsIn(ms: number): void {
    clearTimeout(this.#breaking);
    this.#breaking = setTimeout(() => this.#app.server.closeAllConnections(), ms);
  }
}
