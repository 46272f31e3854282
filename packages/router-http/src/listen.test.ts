import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { get as httpGet } from "node:http";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasOpenssl, selfSigned } from "@chappe/testing";
import { expect, test } from "vitest";
import { startTestHttpRouter } from "./fixtures/test-http-router.ts";
import { impatientBroker } from "./fixtures/test-app.ts";
import { startHttpRouter } from "./index.ts";

/** The status of `/healthz` over TLS; the error's code when there is none. */
async function healthOverTls(address: string, options: object): Promise<unknown> {
  const asked = get(`https://${address.replace("127.0.0.1", "localhost")}/healthz`, { agent: false, ...options });
  try {
    const [answer] = await once(asked, "response");
    answer.resume();
    return answer.statusCode;
  } catch (error) {
    return (error as { readonly code: unknown }).code;
  }
}

test.runIf(hasOpenssl())("with TLS, clients that believe the certificate get through and others do not", async () => {
  const { cert, key } = selfSigned();
  await using fixture = await startTestHttpRouter({ tls: { cert, key } });
  expect(await healthOverTls(fixture.router.address, { ca: cert })).toBe(200);
  expect(await healthOverTls(fixture.router.address, {})).toBe("DEPTH_ZERO_SELF_SIGNED_CERT");
});

test.runIf(hasOpenssl())("clients without a certificate of the named authority are turned away", async () => {
  const { cert, key } = selfSigned();
  await using fixture = await startTestHttpRouter({ tls: { cert, key, clientCa: cert } });
  expect(await healthOverTls(fixture.router.address, { ca: cert })).not.toBe(200);
  expect(await healthOverTls(fixture.router.address, { ca: cert, cert, key })).toBe(200);
});

test("what is no certificate is refused before anybody connects", async () => {
  const nonsense = Buffer.from("nonsense");
  const started = startHttpRouter({ broker: impatientBroker(), tls: { cert: nonsense, key: nonsense } });
  await expect(started).rejects.toThrow(/TLS certificate, key or authority cannot be used/);
});

test("headers may be as long as the attributes of a message, percent-encoded", async () => {
  await using fixture = await startTestHttpRouter();
  const send = (bytes: number) =>
    fetch(`${fixture.url}/v1/messages?sender=a&to=b`, {
      method: "POST",
      headers: { "Chappe-Attribute-a": "%C3%A9".repeat(bytes / 2) },
      body: "x",
    });
  expect((await send(8_190)).status).toBe(201);
  expect(await (await send(8_192)).json()).toMatchObject({
    status: 400,
    detail: expect.stringMatching(/attributes: 8193 bytes/),
  });
});

test("a unix socket is served as well", async () => {
  const folder = mkdtempSync(join(tmpdir(), "chappe-http-"));
  const socketPath = join(folder, "router.sock");
  {
    await using fixture = await startTestHttpRouter({ listen: `unix:${socketPath}` });
    expect(fixture.router.address).toBe(`unix:${socketPath}`);
    const [answer] = await once(httpGet({ socketPath, path: "/v1/receivers/b/messages", agent: false }), "response");
    expect(answer.statusCode).toBe(200);
    expect(fixture.events).toContainEqual(expect.objectContaining({ kind: "consumer-joined", peer: "unix" }));
    answer.destroy();
  }
  rmSync(folder, { recursive: true });
});

test("an address that cannot be had is refused, and says why", async () => {
  await using fixture = await startTestHttpRouter();
  const { address } = fixture.router;
  const start = (listen: string) => startHttpRouter({ broker: fixture.broker, listen });
  await expect(start(address)).rejects.toMatchObject({
    code: "FAILED_PRECONDITION",
    message: `cannot listen on ${address}: another program does`,
  });
  await expect(start("192.0.2.1:0")).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  for (const wrong of ["9080", "host", "host:99999", "unix:"]) {
    await expect(start(wrong)).rejects.toThrow(`listen "${wrong}": must be host:port, or unix:/path`);
  }
});
