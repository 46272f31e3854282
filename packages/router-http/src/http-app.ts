import type { ServerOptions as HttpsOptions } from "node:https";
import type { Socket } from "node:net";
import { ChappeError, MAX_NAME_BYTES } from "@chappe/message";
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from "fastify";
import type { HttpContext } from "./http-context.ts";
import { HttpError } from "./http-status.ts";
import { problemBody, problemOf } from "./problem.ts";
import { bodyLimits } from "./publish-route.ts";
import { type Route, routerPath } from "./route.ts";
import { type ParserError, refuseUnparsed } from "./unparsed-request.ts";

/** A connection that is not used for so long is closed. Longer than the minute of the common proxies, which then close first. */
const KEEP_ALIVE_MS = 72_000;

/** A request must have arrived whole within this time. */
const REQUEST_TIMEOUT_MS = 60_000;

/** All attributes of a message fit, percent-encoded at worst, with its other options and those of the client. */
const MAX_HEADER_BYTES = 65_536;

/** A name of 200 bytes, percent-encoded. */
const MAX_PARAMETER_CHARACTERS = 1_000;

/** So much of an unknown path is repeated: enough to recognize it. */
const MAX_TOLD_CHARACTERS = 100;

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
    const path = pathOf(request);
    const told = path.length > MAX_TOLD_CHARACTERS ? `${path.slice(0, MAX_TOLD_CHARACTERS)}…` : path;
    const error = new ChappeError("NOT_FOUND", `${request.method} ${told}: no such route; /openapi.json lists them`);
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
    frameworkErrors: (error: FastifyError, _: FastifyRequest, reply: FastifyReply) => {
      reply.send(problemBody(reply, problemOf(translated(error, 0))));
    },
    clientErrorHandler: (error: ParserError, socket: Socket) => {
      refuseUnparsed(error, socket, { maxHeaderBytes: MAX_HEADER_BYTES, requestTimeoutMs: REQUEST_TIMEOUT_MS });
    },
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
  // Its own words for these repeat the URL, however long it is.
  if (code === "FST_ERR_BAD_URL") {
    return new ChappeError("INVALID_ARGUMENT", "the path is not percent-encoded UTF-8: % is written as %25");
  }
  if (code === "FST_ERR_MAX_PARAM_LENGTH") {
    return new HttpError(414, "INVALID_ARGUMENT", `a name in the path has more than ${MAX_NAME_BYTES} bytes`);
  }
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") {
    const said = `${message}: a media type is written as type/subtype, such as application/octet-stream`;
    return new HttpError(415, "INVALID_ARGUMENT", said);
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
