import type { ServerOptions as HttpsOptions } from "node:https";
import { ChappeError } from "@chappe/message";
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyRequest,
  type FastifyServerOptions,
} from "fastify";
import type { HttpContext } from "./http-context.ts";
import { HttpError } from "./http-status.ts";
import { problemBody, problemOf } from "./problem.ts";
import { bodyLimits } from "./publish-route.ts";
import { type Route, routerPath } from "./route.ts";

/** A connection that is not used for so long is closed. Longer than the minute of the common proxies, which then close first. */
const KEEP_ALIVE_MS = 72_000;

/** A request must have arrived whole within this time. */
const REQUEST_TIMEOUT_MS = 60_000;

/** All attributes of a message fit, percent-encoded at worst, with its other options and those of the client. */
const MAX_HEADER_BYTES = 65_536;

/** A name of 200 bytes, percent-encoded; a longer one is refused with what is allowed rather than not found. */
const MAX_PARAMETER_CHARACTERS = 1_000;

/** Serves `routes`, each with its errors as problems. It does not listen yet. */
export function createHttpApp(
  routes: readonly Route[],
  context: HttpContext,
  https: HttpsOptions | null,
): FastifyInstance {
  const limits = bodyLimits(context.options.maxMessageBytes);
  const app = createServer(https);
  takeBodiesAsBytes(app, limits, context.options.maxMessageBytes);
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const { maxBodyBytes } = routeOf(request);
    const limit = maxBodyBytes ?? limits[request.mediaType ?? ""] ?? context.options.maxMessageBytes;
    const told = translated(error, limit);
    const problem = problemOf(told);
    if (problem.status === 500) {
      context.onEvent({ kind: "request-failed", method: request.method, path: pathOf(request), error: told });
    }
    reply.send(problemBody(reply, problem));
  });
  app.setNotFoundHandler((request, reply) => {
    const what = `${request.method} ${pathOf(request)}`;
    const error = new ChappeError("NOT_FOUND", `${what}: no such route; /openapi.json lists them`);
    reply.send(problemBody(reply, problemOf(error)));
  });
  app.addHook("onRequest", (request, reply, done) => {
    context.requests.add(reply.raw);
    if (!context.streams.isLeaving) return done();
    // The connection's next request shall reach another router.
    reply.header("connection", "close");
    if (routeOf(request).servedWhileDraining !== false) return done();
    done(new ChappeError("UNAVAILABLE", "this router is about to stop: go to another"));
  });
  for (const route of routes) {
    const { method, handler, maxBodyBytes } = route;
    const bodyLimit = maxBodyBytes === undefined ? {} : { bodyLimit: maxBodyBytes };
    app.route({ method, url: routerPath(route), handler, config: { route } as object, ...bodyLimit });
  }
  return app;
}

function createServer(https: HttpsOptions | null): FastifyInstance {
  const options = {
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // What cannot be served any more says so itself, in the same form as every other error.
    return503OnClosing: false,
    // Every route that is served stands in the document.
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: MAX_PARAMETER_CHARACTERS },
  } satisfies FastifyServerOptions;
  if (https === null) return Fastify({ ...options, http: { maxHeaderSize: MAX_HEADER_BYTES } });
  // With TLS or without, it is used in the same way.
  return Fastify({ ...options, https: { ...https, maxHeaderSize: MAX_HEADER_BYTES } }) as unknown as FastifyInstance;
}

/** Bodies are the users' own: nothing here looks into them before it must. */
function takeBodiesAsBytes(app: FastifyInstance, limits: Readonly<Record<string, number>>, otherLimit: number): void {
  const asIs = (_: FastifyRequest, body: Buffer, done: (error: null, body: Buffer) => void): void => done(null, body);
  app.removeAllContentTypeParsers();
  for (const [type, bodyLimit] of Object.entries(limits)) {
    app.addContentTypeParser(type, { parseAs: "buffer", bodyLimit }, asIs);
  }
  app.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: otherLimit }, asIs);
}

/** What fastify finds wrong with a request, as an error of ours with the same status. */
function translated(error: FastifyError | ChappeError, limit: number): ChappeError {
  if (error instanceof ChappeError) return error;
  const { code, statusCode = 500, message } = error;
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") {
    return new HttpError(413, "INVALID_ARGUMENT", `body is longer than the ${limit} bytes that are allowed`);
  }
  return statusCode < 500 ? new HttpError(statusCode, "INVALID_ARGUMENT", message) : ChappeError.from(error);
}

function pathOf({ url }: FastifyRequest): string {
  return url.split("?", 1)[0]!;
}

/** The route that serves a request; nothing of it for a path that is not served. */
function routeOf({ routeOptions }: FastifyRequest): Partial<Route> {
  return (routeOptions.config as { readonly route?: Route }).route ?? {};
}
