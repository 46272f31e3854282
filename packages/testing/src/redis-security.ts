import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ConnectionOptions } from "node:tls";
import type { SelfSigned } from "./self-signed.ts";

/** Whom a test's Redis lets in, and how. What is left out lets in anybody, in plain text. */
export interface RedisSecurity {
  /** Of the user `default`, as whom servers also come to each other. No spaces. */
  readonly password?: string | undefined;
  /** One more user: name and rules, as `ACL SETUSER` takes them. */
  readonly user?: string;
  /** TLS alone, for clients, replicas and a cluster's bus. All show this certificate, which is its own authority. */
  readonly tls?: SelfSigned;
  /** Clients must show a certificate of that authority, too. Default false. */
  readonly clientCertificates?: boolean;
}

/** The settings that make it so. Certificates are written into `folder`. */
export function securitySettings(
  { password, user, tls, clientCertificates = false }: RedisSecurity,
  folder: string,
): Record<string, string> {
  return {
    ...(password !== undefined && { requirepass: password, masterauth: password }),
    ...(user !== undefined && { user }),
    ...(tls !== undefined && tlsSettings(tls, clientCertificates, folder)),
  };
}

/** How the tests' own drivers get in. */
export function securityOptions({ password, tls }: RedisSecurity): { password?: string; tls?: ConnectionOptions } {
  return {
    ...(password !== undefined && { password }),
    ...(tls !== undefined && { tls: { ca: tls.cert, cert: tls.cert, key: tls.key, servername: "localhost" } }),
  };
}

function tlsSettings({ cert, key }: SelfSigned, clientCertificates: boolean, folder: string): Record<string, string> {
  const [certFile, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key);
  return {
    "tls-cert-file": certFile,
    "tls-key-file": keyFile,
    "tls-ca-cert-file": certFile,
    "tls-auth-clients": clientCertificates ? "yes" : "no",
    "tls-replication": "yes",
  };
}
