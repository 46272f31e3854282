import { readFileSync } from "node:fs";
import type { TlsOptions } from "@chappe/client";
import { ChappeError } from "@chappe/message";

/** How to speak with routers, as the command line says it. */
export interface TlsFlags {
  readonly tls: boolean;
  /** Paths of PEM files; each implies TLS. */
  readonly tlsCa: string | undefined;
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
}

/**
 * What the client must know to speak TLS; false for plain text.
 *
 * @throws ChappeError INVALID_ARGUMENT that says which file cannot be read, and why
 */
export function readTls({ tls, tlsCa, tlsCert, tlsKey }: TlsFlags): boolean | TlsOptions {
  if (tlsCa === undefined && tlsCert === undefined && tlsKey === undefined) return tls;
  return {
    ...(tlsCa !== undefined && { ca: read("--tls-ca", tlsCa) }),
    ...(tlsCert !== undefined && { cert: read("--tls-cert", tlsCert) }),
    ...(tlsKey !== undefined && { key: read("--tls-key", tlsKey) }),
  };
}

function read(flag: string, path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ChappeError("INVALID_ARGUMENT", `${flag}: cannot read "${path}": ${reason}`, { cause: error });
  }
}
