import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startTestRouter } from "./fixtures/test-router.ts";
import { checkHealth } from "./check-health.ts";
import { tlsCredentials } from "./tls-credentials.ts";

const hasOpenssl = spawnSync("openssl", ["version"]).error === undefined;

/** A certificate of its own for localhost. */
function selfSigned(): { readonly cert: Buffer; readonly key: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), "chappe-tls-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", cert];
  spawnSync("openssl", ["req", "-x509", "-days", "2", ...made, ...names]);
  try {
    return { cert: readFileSync(cert), key: readFileSync(key) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.runIf(hasOpenssl)("with TLS, clients that believe the certificate get through and others do not", async () => {
  const { cert, key } = selfSigned();
  await using fixture = await startTestRouter({ credentials: tlsCredentials({ cert, key }) });
  const address = `localhost:${fixture.router.port}`;
  expect(await checkHealth(address, { tlsCa: cert })).toBe("SERVING");
  await expect(checkHealth(address, { timeoutMs: 300 })).rejects.toMatchObject({ code: "UNAVAILABLE" });
});

test.runIf(hasOpenssl)("clients without a certificate of the named authority are turned away", async () => {
  const { cert, key } = selfSigned();
  await using fixture = await startTestRouter({ credentials: tlsCredentials({ cert, key, clientCa: cert }) });
  const health = checkHealth(`localhost:${fixture.router.port}`, { tlsCa: cert, timeoutMs: 300 });
  await expect(health).rejects.toMatchObject({ code: "UNAVAILABLE" });
});

test("what is no certificate is refused before anybody connects", () => {
  const nonsense = Buffer.from("nonsense");
  expect(() => tlsCredentials({ cert: nonsense, key: nonsense })).toThrow(
    /TLS certificate, key or authority cannot be used/,
  );
});
