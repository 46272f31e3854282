import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { connect } from "@chappe/client";
import { checkHealth } from "@chappe/router";
import { hasOpenssl, selfSigned, spawnProgram, startRedis } from "@chappe/testing";
import { expect, onTestFinished, test } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const PASSWORD = "a-password";

/** A Redis with TLS and a password, and a router that is told of it so. */
async function setUp(flags: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), "chappe-router-tls-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const tls = selfSigned();
  for (const [name, text] of Object.entries({ ...tls, other: selfSigned().cert })) {
    writeFileSync(join(folder, `${name}.pem`), text);
  }
  const redis = await startRedis({ tcp: true, security: { password: PASSWORD, tls, clientCertificates: true } });
  onTestFinished(() => redis.stop());
  const files = Object.entries(flags).flatMap(([flag, value]) => [
    flag,
    value.replace(/^.*\.pem$/, join(folder, "$&")),
  ]);
  const router = spawnProgram(main, ["--listen", "127.0.0.1:0", "--http-listen", "off", ...files], {
    env: { CHAPPE_REDIS_URL: redis.url.replace("//", `//:${PASSWORD}@`) },
  });
  onTestFinished(() => router[Symbol.asyncDispose]());
  const [, address] = await router.waitForLine(/"listening on (127\.0\.0\.1:\d+)"/);
  return { router, address: address! };
}

const RIGHT = {
  "--redis-tls-ca": "cert.pem",
  "--redis-tls-cert": "cert.pem",
  "--redis-tls-key": "key.pem",
  "--redis-tls-server-name": "localhost",
};

test.skipIf(process.env["REDIS_URL"] || !hasOpenssl())(
  "a router believes the authority that it is told to, and shows its own certificate",
  async () => {
    const { router, address } = await setUp(RIGHT);
    await router.waitForLine(/"ready: the store answers"/);
    await using client = connect({ routers: [address] });
    await client.sender("a").send({ to: "b", body: "by TLS" });
  },
);

test.skipIf(process.env["REDIS_URL"] || !hasOpenssl())(
  "a router that does not believe its Redis says so in one line, and is not ready",
  async () => {
    const { router, address } = await setUp({ ...RIGHT, "--redis-tls-ca": "other.pem" });
    await router.waitForLine(/127\.0\.0\.1:\d+: the certificate is signed by nobody .*Redis is out of reach/);
    await router.waitForLine(/"not ready/);
    expect(await checkHealth(address)).toBe("NOT_SERVING");
    expect(router.stdout.filter((each) => each.includes("out of reach"))).toHaveLength(1);
    expect(router.stdout.join("\n")).not.toContain(PASSWORD);
  },
);

test.skipIf(process.env["REDIS_URL"] || !hasOpenssl())("a file that is no certificate ends the start", async () => {
  const folder = mkdtempSync(join(tmpdir(), "chappe-router-tls-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "nonsense.pem");
  writeFileSync(file, "nonsense");
  await using router = spawnProgram(main, [
    ...["--listen", "127.0.0.1:0", "--http-listen", "off", "--redis-url", "rediss://localhost"],
    ...["--redis-tls-cert", file, "--redis-tls-key", file],
  ]);
  expect(await router.exit).toMatchObject({ code: 2 });
  expect(router.stdout.at(-1)).toContain("tls: certificate, key or authority cannot be used");
});
