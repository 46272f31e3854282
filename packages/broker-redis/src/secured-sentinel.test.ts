import {
  hasOpenssl,
  type RedisSentinelFixture,
  redisNamespace,
  type SelfSigned,
  selfSigned,
  startRedisSentinel,
  waitFor,
} from "@chappe/testing";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { documentedRules } from "./fixtures/documented-user.ts";
import { refusalOf } from "./fixtures/refusal.ts";
import { connected, QUEUE, take, TestProducer, textsOf } from "./fixtures/store-traffic.ts";
import { connectRedisStore } from "./redis-store.ts";
import type { RedisStoreOptions } from "./store-options.ts";

const WAIT = { deadlineMs: 20_000 };
const LONG_MS = 60_000;
const KEY_PREFIX = redisNamespace();

/** A plus and a space mean the same elsewhere in queries, and not here. */
const SENTINELS_PASSWORD = "sentinels+password";
const SENTINEL_USER = `guide on >${SENTINELS_PASSWORD} -@all +sentinel|get-master-addr-by-name +sentinel|sentinels`;
const OPERATORS_PASSWORD = "operators-password";
const SERVERS_PASSWORD = "servers-password";
const SERVER_USER = `chappe on >${SERVERS_PASSWORD} ${documentedRules(KEY_PREFIX).join(" ")}`;

describe.skipIf(process.env["REDIS_URL"] || !hasOpenssl())("a store on sentinels that let in only some", () => {
  let redis: RedisSentinelFixture;
  let certificate: SelfSigned;
  beforeAll(async () => {
    certificate = selfSigned("IP:127.0.0.1");
    redis = await startRedisSentinel({
      replicas: 1,
      sentinelSecurity: { password: OPERATORS_PASSWORD, user: SENTINEL_USER },
      redis: {
        security: { password: "replicas-password", user: SERVER_USER, tls: certificate, clientCertificates: true },
      },
    });
  }, LONG_MS);
  afterAll(() => redis?.stop());

  /** Everything right, but for what is named. */
  function options({
    sentinels = { sentinelUsername: "guide", sentinelPassword: SENTINELS_PASSWORD },
    ...other
  }: RedisStoreOptions & { sentinels?: Readonly<Record<string, string>> } = {}): RedisStoreOptions {
    const query = Object.entries(sentinels).map(([name, value]) => `${name}=${value}`);
    const { cert: ca, cert, key } = certificate;
    const user = { username: "chappe", password: SERVERS_PASSWORD };
    return { url: `${redis.url}?${query.join("&")}`, keyPrefix: KEY_PREFIX, ...user, tls: { ca, cert, key }, ...other };
  }

  it(
    "publishes, hears and reads as a user of each, by TLS, before a failover and after it",
    async () => {
      const [publishing, reading] = [connectRedisStore(options()), connectRedisStore(options())];
      onTestFinished(() => publishing.close());
      onTestFinished(() => reading.close());
      await Promise.all([connected(publishing), connected(reading)]);
      const producer = new TestProducer();
      let wakeUps = 0;
      onTestFinished(reading.watch(QUEUE.address, () => wakeUps++));
      await reading.open(QUEUE, "earliest");
      const publish = async (text: string) => {
        const batch = producer.batch(text);
        await waitFor(async () => (await publishing.append([batch], "replicated"))[0]?.ok, WAIT);
      };
      await publish("before");
      await redis.failOver();
      await publish("after");
      const taken = await take(reading, QUEUE, 2);
      expect(taken.flatMap(textsOf)).toEqual(["before", "after"]);
      await waitFor(async () => {
        const seen = wakeUps;
        await publish("again");
        await new Promise((resolve) => setImmediate(resolve));
        return wakeUps > seen;
      }, WAIT);
    },
    LONG_MS,
  );

  it("says which sentinel refuses the sentinels' password, though the servers' is right", async () => {
    const sentinels = { sentinelUsername: "guide", sentinelPassword: SERVERS_PASSWORD };
    expect(await refusalOf(options({ sentinels }), "UNAUTHENTICATED", SERVERS_PASSWORD)).toMatch(
      /^no sentinel names the primary "main": sentinel 127\.0\.0\.1:\d+: Redis refuses the user name or password: /,
    );
  });

  it("says that sentinels want a password", async () => {
    expect(await refusalOf(options({ sentinels: {} }), "UNAUTHENTICATED", SERVERS_PASSWORD)).toContain(
      ": Redis wants a password: NOAUTH",
    );
  });

  it("says which sentinel does not let its user ask", async () => {
    const { cert, key } = certificate;
    for (const [, port] of redis.url.matchAll(/127\.0\.0\.1:(\d+)/g)) {
      const tls = { ca: cert, cert, key };
      const operator = new Redis({ host: "127.0.0.1", port: Number(port), password: OPERATORS_PASSWORD, tls });
      await operator.call("ACL", "SETUSER", "mute", "reset", "on", `>${SENTINELS_PASSWORD}`, "-@all");
      operator.disconnect();
    }
    const sentinels = { sentinelUsername: "mute", sentinelPassword: SENTINELS_PASSWORD };
    expect(await refusalOf(options({ sentinels }), "FAILED_PRECONDITION", SENTINELS_PASSWORD)).toMatch(
      /^no sentinel names the primary "main": sentinel 127\.0\.0\.1:\d+: this Redis user may not do that; /,
    );
  });

  it("says which server refuses the servers' password, though the sentinels' is right", async () => {
    const refused = refusalOf(options({ password: SENTINELS_PASSWORD }), "UNAUTHENTICATED", SENTINELS_PASSWORD);
    const { port } = await redis.primary();
    expect(await refused).toMatch(`127.0.0.1:${port}: Redis refuses the user name or password: WRONGPASS`);
  });

  it("says that nobody vouches for the certificate", async () => {
    const { cert: ca } = selfSigned("IP:127.0.0.1");
    expect(await refusalOf(options({ tls: { ca } }), "FAILED_PRECONDITION", SERVERS_PASSWORD)).toMatch(
      /sentinel 127\.0\.0\.1:\d+: the certificate is signed by nobody that is believed; name its authority in the TLS options: self-signed certificate$/,
    );
  });

  it("says that a certificate is asked for", async () => {
    const { cert: ca } = certificate;
    expect(await refusalOf(options({ tls: { ca } }), "UNAUTHENTICATED", SERVERS_PASSWORD)).toContain(
      "Redis asks for a certificate of an authority that it believes",
    );
  });

  it("says that nobody watches a primary of that name", async () => {
    const { url = "", ...other } = options();
    const elsewhere = { url: url.replace("/main", "/other"), ...other };
    expect(await refusalOf(elsewhere, "FAILED_PRECONDITION", SERVERS_PASSWORD)).toMatch(
      /^no sentinel names the primary "other": sentinel 127\.0\.0\.1:\d+ watches none that is called so$/,
    );
  });
});
