import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** PEM texts. */
export interface SelfSigned {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Whether this machine can make certificates. */
export function hasOpenssl(): boolean {
  return spawnSync("openssl", ["version"]).error === undefined;
}

/**
 * Makes a certificate of its own, good for two days.
 *
 * @param names whom it is for beside `DNS:localhost`, such as `IP:127.0.0.1`
 * @throws Error without openssl
 */
export function selfSigned(...names: readonly string[]): SelfSigned {
  const folder = mkdtempSync(join(tmpdir(), "chappe-tls-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const named = ["-subj", "/CN=localhost", "-addext", `subjectAltName=${["DNS:localhost", ...names].join(",")}`];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  try {
    spawnSync("openssl", ["req", "-x509", "-days", "2", ...curve, "-keyout", key, "-out", cert, ...named]);
    return { cert: readFileSync(cert), key: readFileSync(key) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
