import { tlsCredentials } from "@chappe/router";
import { hasOpenssl, selfSigned } from "@chappe/testing";
import { expect, test } from "vitest";
import { connect } from "./connect.ts";
import { channelCredentials } from "./credentials.ts";
import { errorOf } from "./fixtures/error-of.ts";
import { startTestRouters } from "./fixtures/test-routers.ts";

test.runIf(hasOpenssl())("a client with a certificate gets through TLS, and one without does not", async () => {
  const { cert, key } = selfSigned();
  await using routers = await startTestRouters(1, {
    credentials: tlsCredentials({ cert, key, clientCa: cert }),
  });
  const addresses = [`localhost:${routers.running[0]!.router.port}`];
  const message = { to: "receiver-01", body: "secret" };

  await using trusted = connect({ routers: addresses, tls: { ca: cert, cert, key } });
  expect((await trusted.sender("s").send(message)).durability).toBe("accepted");

  await using stranger = connect({ routers: addresses, tls: { ca: cert }, sendTimeoutMs: 300 });
  expect(await errorOf(stranger.sender("s").send(message))).toMatchObject({ code: "DEADLINE_EXCEEDED" });
});

test("what is no certificate is refused before anybody connects", () => {
  expect(() => channelCredentials({ ca: "nonsense", cert: "nonsense", key: "nonsense" }, undefined)).toThrow(/^tls: /);
});
