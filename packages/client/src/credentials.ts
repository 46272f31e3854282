import { ChappeError } from "@chappe/message";
import { type ChannelCredentials, credentials } from "@grpc/grpc-js";

/** TLS towards routers. PEM texts or their bytes. */
export interface TlsOptions {
  /** Certificates to trust. @default those that Node trusts */
  readonly ca?: string | Uint8Array;
  /** This client's own certificate, where routers ask for one (mutual TLS). Together with `key`. */
  readonly cert?: string | Uint8Array;
  /** Private key of `cert`. */
  readonly key?: string | Uint8Array;
}

/**
 * The channel credentials that the options ask for. Neither: plain text.
 *
 * @throws ChappeError INVALID_ARGUMENT for both, for half a key pair, or for what is no certificate
 */
export function channelCredentials(
  tls: boolean | TlsOptions | undefined,
  given: ChannelCredentials | undefined,
): ChannelCredentials {
  if (tls !== undefined && given !== undefined) {
    throw new ChappeError("INVALID_ARGUMENT", "tls and credentials are both set; give one of them");
  }
  if (given !== undefined) return given;
  if (tls === undefined || tls === false) return credentials.createInsecure();
  const { ca, cert, key } = tls === true ? ({} as TlsOptions) : tls;
  if ((cert === undefined) !== (key === undefined)) {
    const missing = cert === undefined ? "cert" : "key";
    throw new ChappeError("INVALID_ARGUMENT", `tls.cert and tls.key go together; ${missing} is missing`);
  }
  try {
    return credentials.createSsl(pem(ca), pem(key), pem(cert));
  } catch (cause) {
    throw new ChappeError("INVALID_ARGUMENT", `tls: ${String(cause)}`, { cause });
  }
}

function pem(value: string | Uint8Array | undefined): Buffer | null {
  return value === undefined ? null : Buffer.from(value);
}
