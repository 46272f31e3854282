import type { ServerOptions as HttpsOptions } from "node:https";
import { createSecureContext } from "node:tls";
import { ChappeError, type ErrorCode } from "@chappe/message";
import type { FastifyInstance } from "fastify";
import type { HttpTlsOptions } from "./http-router-options.ts";

/** What the system says when it cannot listen, in Chappe's words. */
const REASONS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  EADDRINUSE: ["FAILED_PRECONDITION", "another program does"],
  EACCES: ["PERMISSION_DENIED", "this user may not"],
  EADDRNOTAVAIL: ["INVALID_ARGUMENT", "it is no address of this machine"],
  ENOTFOUND: ["INVALID_ARGUMENT", "it is no address of this machine"],
};

/**
 * Listens at `host:port`, `[ipv6]:port` or `unix:/path`. Resolves with the same, with the port that was taken.
 *
 * @throws ChappeError INVALID_ARGUMENT for anything else, or what is no address of this machine; FAILED_PRECONDITION when
 * it is taken; PERMISSION_DENIED
 */
export async function listen(app: FastifyInstance, where: string): Promise<string> {
  const path = /^unix:(.+)$/.exec(where)?.[1];
  const [, host, port] = /^(\[[0-9a-fA-F:.]+\]|[^\s:/[\]]+):(\d{1,5})$/.exec(where) ?? [];
  if (path === undefined && !(Number(port) <= 65_535)) {
    throw new ChappeError("INVALID_ARGUMENT", `listen "${where}": must be host:port, or unix:/path`);
  }
  try {
    await app.listen(path === undefined ? { host: host!.replaceAll(/[[\]]/g, ""), port: Number(port) } : { path });
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    const [known, reason] = REASONS[code] ?? (["UNAVAILABLE", message] as const);
    throw new ChappeError(known, `cannot listen on ${where}: ${reason}`, { cause: error });
  }
  const bound = app.server.address();
  return typeof bound === "object" && bound !== null && host !== undefined ? `${host}:${bound.port}` : where;
}

/**
 * What Node's server takes, for TLS.
 *
 * @throws ChappeError INVALID_ARGUMENT when a text is no PEM, or the key is not the certificate's
 */
export function tlsServerOptions({ cert, key, clientCa }: HttpTlsOptions): HttpsOptions {
  const options = { cert, key, ...(clientCa && { ca: clientCa, requestCert: true, rejectUnauthorized: true }) };
  try {
    createSecureContext(options);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ChappeError("INVALID_ARGUMENT", `TLS certificate, key or authority cannot be used: ${reason}`, {
      cause: error,
    });
  }
  return options;
}
