import { expect, test } from "vitest";
import { hasOpenssl, selfSigned } from "./self-signed.ts";
import { startRedisSentinel } from "./start-redis-sentinel.ts";

test.skipIf(process.env["REDIS_URL"])(
  "sentinels fail over when asked to, and when the primary dies",
  async () => {
    await using fixture = await startRedisSentinel({ replicas: 1 });
    const [first, second] = fixture.servers;
    expect(await fixture.primary()).toBe(first);
    await fixture.failOver();
    expect(await fixture.primary()).toBe(second);
    await second?.kill();
    await fixture.failedOver(second!);
    expect(await fixture.primary()).toBe(first);
  },
  60_000,
);

test.skipIf(process.env["REDIS_URL"])(
  "servers that are linked are reached by their links alone: one whose link is cut is taken for dead",
  async () => {
    await using fixture = await startRedisSentinel({ redis: { linked: true } });
    const [first, second] = fixture.servers;
    first?.link?.harm({ refuses: true });
    first?.link?.cut("reset");
    await fixture.failedOver(first!);
    expect(await fixture.primary()).toBe(second);
  },
  60_000,
);

test.skipIf(process.env["REDIS_URL"] || !hasOpenssl())(
  "sentinels with TLS and another password than the servers fail over",
  async () => {
    const security = { password: "of-servers", tls: selfSigned("IP:127.0.0.1"), clientCertificates: true };
    await using fixture = await startRedisSentinel({
      sentinelSecurity: { password: "of-sentinels" },
      redis: { security },
    });
    const [first, second] = fixture.servers;
    await first?.kill();
    await fixture.failedOver(first!);
    expect(await fixture.primary()).toBe(second);
  },
  60_000,
);
