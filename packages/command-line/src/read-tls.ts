import { readFileSync } from "node:fs";
import { ChappeError } from "@chappe/message";

/** How to speak with routers, as the flags of `addTlsFlags` say it. */
export interface TlsFlags {
  /** `--tls`: trust what Node trusts. */
  readonly tls: boolean;
  /** `--tls-ca`, `--tls-cert`, `--tls-key`: paths of PEM files; each implies TLS. */
  readonly tlsCa?: string | undefined;
  readonly tlsCert?: string | undefined;
  readonly tlsKey?: string | undefined;
}

/** What the files of the flags hold, each PEM. */
export interface TlsFiles {
  readonly ca?: Uint8Array;
  readonly cert?: Uint8Array;
  readonly key?: Uint8Array;
}

/**
 * Reads the files that the flags name: the option `tls` of the client's `connect` and `connectAdmin`; false for plain text.
 *
 * @throws ChappeError INVALID_ARGUMENT that names the flag whose file cannot be read, and why
 */
export function readTls({ tls, tlsCa, tlsCert, tlsKey }: TlsFlags): boolean | TlsFiles {
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
