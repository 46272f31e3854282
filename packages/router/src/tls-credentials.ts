import { createSecureContext } from "node:tls";
import { ChappeError } from "@chappe/message";
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

/**
 * What {@link RouterOptions.credentials} takes, for TLS.
 *
 * @throws ChappeError INVALID_ARGUMENT when a text is no PEM, or the key is not the certificate's
 */
export function tlsCredentials({ cert, key, clientCa }: TlsOptions): ServerCredentials {
  try {
    // grpc-js would find out with the first connection, and only say so in its log.
    createSecureContext({ cert, key, ...(clientCa && { ca: clientCa }) });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ChappeError("INVALID_ARGUMENT", `TLS certificate, key or authority cannot be used: ${reason}`, {
      cause: error,
    });
  }
  return ServerCredentials.createSsl(
    clientCa ?? null,
    [{ cert_chain: cert, private_key: key }],
    clientCa !== undefined,
  );
}
