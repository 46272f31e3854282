import { expect, test } from "vitest";
import { hasOpenssl, selfSigned } from "./self-signed.ts";
import { startRedisCluster } from "./start-redis-cluster.ts";

test.skipIf(process.env["REDIS_URL"])(
  "a cluster moves slots, fails over when asked to, and when a master dies",
  async () => {
    await using cluster = await startRedisCluster({ masters: 3, replicas: 1 });
    const [first, second] = cluster.nodes;
    expect(await cluster.masterOf(0)).toBe(first);
    const [driver] = cluster.drivers;
    // "{06S}" is a tag of slot 0.
    await driver?.set("{06S}name", "Chappe");
    const migration = await cluster.migrate(0, second!);
    expect(await migration.moveKeys()).toBe(1);
    await migration.finish();
    expect(await cluster.masterOf(0)).toBe(second);
    expect(await cluster.drivers[1]?.get("{06S}name")).toBe("Chappe");
    await cluster.failOver(first!);
    const next = await cluster.masterOf(1);
    expect(next).not.toBe(first);
    await next.kill();
    await cluster.failedOver(next, 1);
  },
  60_000,
);

test.skipIf(process.env["REDIS_URL"] || !hasOpenssl())(
  "a cluster with a password and TLS moves slots and fails over",
  async () => {
    const security = { password: "secret", tls: selfSigned("IP:127.0.0.1"), clientCertificates: true };
    await using cluster = await startRedisCluster({ masters: 3, replicas: 1, redis: { security } });
    const [first, second] = cluster.nodes;
    await cluster.drivers[0]?.set("{06S}name", "Chappe");
    await (await cluster.migrate(0, second!)).finish();
    expect(await cluster.drivers[1]?.get("{06S}name")).toBe("Chappe");
    await first?.kill();
    await cluster.failedOver(first!, 1);
  },
  60_000,
);
