import { ServerCredentials } from "@grpc/grpc-js";

/** PEM texts for TLS. */
export interface TlsOptions {
  /** The router's certificate, with the chain that leads to its authority. */
  readonly cert: Buffer;
  /** Its private key. */
  readonly key: Buffer;
  /** Authority whose certificates clients must show. @default none: clients show nothing */
  readonly clientCa?: Buffer | undefined;
}

/** What {@link RouterOptions.credentials} takes, for TLS. @throws Error of node:tls when a text is no valid PEM */
export function tlsCredentials({ cert, key, clientCa }: TlsOptions): ServerCredentials {
  return ServerCredentials.createSsl(
    clientCa ?? null,
    [{ cert_chain: cert, private_key: key }],
    clientCa !== undefined,
  );
}
