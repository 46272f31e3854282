import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";
import { ChappeError } from "@chappe/message";
import type { TlsOptions } from "@chappe/router";
import { flagOf, type SettingName } from "./settings.ts";
import type { RouterAppOptions } from "./options.ts";

/**
 * What the files hold that the options name; undefined without TLS.
 *
 * @throws ChappeError INVALID_ARGUMENT that says which file cannot be used, and why
 */
export function readTls(options: RouterAppOptions): TlsOptions | undefined {
  const { tlsCert, tlsKey, tlsClientCa } = options;
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  const cert = read("tlsCert", tlsCert);
  const key = read("tlsKey", tlsKey);
  const clientCa = tlsClientCa === undefined ? undefined : read("tlsClientCa", tlsClientCa);
  return { cert, key, clientCa };
}

/**
 * Whom the options say to believe of Redis, and what to show to it; undefined where they say nothing.
 *
 * @throws ChappeError INVALID_ARGUMENT that says which file cannot be used, and why
 */
export function readRedisTls(options: RouterAppOptions): ConnectionOptions | undefined {
  const { redisTlsCa, redisTlsCert, redisTlsKey, redisTlsServerName } = options;
  const tls = {
    ...(redisTlsCa !== undefined && { ca: read("redisTlsCa", redisTlsCa) }),
    ...(redisTlsCert !== undefined && { cert: read("redisTlsCert", redisTlsCert) }),
    ...(redisTlsKey !== undefined && { key: read("redisTlsKey", redisTlsKey) }),
    ...(redisTlsServerName !== undefined && { servername: redisTlsServerName }),
  };
  return Object.keys(tls).length === 0 ? undefined : tls;
}

function read(name: SettingName, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const message = `${flagOf(name)} "${path}": must be a file that can be read`;
    throw new ChappeError("INVALID_ARGUMENT", message, { cause: error });
  }
}
