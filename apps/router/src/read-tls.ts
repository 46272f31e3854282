import { readFileSync } from "node:fs";
import { ChappeError } from "@chappe/message";
import type { TlsOptions } from "@chappe/router";
import { flagOf } from "./settings.ts";
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

function read(name: "tlsCert" | "tlsKey" | "tlsClientCa", path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const message = `${flagOf(name)} "${path}": must be a file that can be read`;
    throw new ChappeError("INVALID_ARGUMENT", message, { cause: error });
  }
}
