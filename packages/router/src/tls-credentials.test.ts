import { hasOpenssl, selfSigned } from "@chappe/testing";
import { expect, test } from "vitest";
import { startTestRouter } from "./fixtures/test-router.ts";
import { checkHealth } from "./check-health.ts";
import { tlsCredentials } from "./tls-credentials.ts";

test.runIf(hasOpenssl())("with TLS, clients that believe the certificate get through and others do not", async () => {
  const { cert, key } = selfSigned();
  await using fixture = await startTestRouter({ credentials: tlsCredentials({ cert, key }) });
  const address = `localhost:${fixture.router.port}`;
  expect(await checkHealth(address, { tlsCa: cert })).toBe("SERVING");
  await expect(checkHealth(address, { timeoutMs: 300 })).rejects.toMatchObject({ code: "UNAVAILABLE" });
});

test.runIf(hasOpenssl())("clients without a certificate of the named authority are turned away", async () => {
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
