import {
  hasOpenssl,
  type RedisClusterFixture,
  redisNamespace,
  type SelfSigned,
  selfSigned,
  startRedisCluster,
  waitFor,
} from "@chappe/testing";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { otherMaster, slotOf } from "./fixtures/cluster-slots.ts";
import { documentedRules } from "./fixtures/documented-user.ts";
import { refusalOf } from "./fixtures/refusal.ts";
import { steadyLoad } from "./fixtures/steady-load.ts";
import { connected, QUEUE, take, TestProducer, textsOf } from "./fixtures/store-traffic.ts";
import { connectRedisStore } from "./redis-store.ts";
import type { RedisStoreOptions } from "./store-options.ts";

const WAIT = { deadlineMs: 20_000 };
const LONG_MS = 60_000;
const KEY_PREFIX = redisNamespace();
const PASSWORD = "users-password";

describe.skipIf(process.env["REDIS_URL"] || !hasOpenssl())("a store on a cluster that lets in only some", () => {
  let cluster: RedisClusterFixture;
  let certificate: SelfSigned;
  beforeAll(async () => {
    certificate = selfSigned();
    cluster = await startRedisCluster({
      masters: 3,
      replicas: 1,
      redis: {
        security: {
          password: "nodes-password",
          user: `chappe on >${PASSWORD} ${documentedRules(KEY_PREFIX).join(" ")}`,
          tls: certificate,
          clientCertificates: true,
        },
        // Their certificate is for this name, not for their address.
        settings: { "cluster-announce-hostname": "localhost", "cluster-preferred-endpoint-type": "hostname" },
      },
    });
  }, LONG_MS);
  afterAll(() => cluster?.stop());

  /** Everything right, but for what is named. */
  function options(other: RedisStoreOptions = {}): RedisStoreOptions {
    const { cert: ca, cert, key } = certificate;
    const url = cluster.url.replaceAll("127.0.0.1", "localhost");
    return { url, username: "chappe", password: PASSWORD, tls: { ca, cert, key }, keyPrefix: KEY_PREFIX, ...other };
  }

  it(
    "loses and doubles nothing as a user with few rights, by TLS, while a slot moves and through a failover",
    async () => {
      const [publishing, reading] = [connectRedisStore(options()), connectRedisStore(options())];
      onTestFinished(() => publishing.close());
      onTestFinished(() => reading.close());
      await Promise.all([connected(publishing), connected(reading)]);
      let wakeUps = 0;
      onTestFinished(reading.watch(QUEUE.address, () => wakeUps++));
      await reading.open(QUEUE, "earliest");
      const loading = steadyLoad(publishing, QUEUE.address);
      const more = async () => {
        const [stored, woken] = [loading.stored.length, wakeUps];
        await waitFor(() => loading.stored.length > stored + 10 && wakeUps > woken, WAIT);
      };
      await more();
      const slot = slotOf(QUEUE.address);
      const to = await otherMaster(cluster, slot);
      await (await cluster.migrate(slot, to)).finish();
      await more();
      await cluster.failOver(to);
      await more();
      const stored = await loading.stop();
      expect((await take(reading, QUEUE, stored.length)).flatMap(textsOf)).toEqual(stored);
    },
    LONG_MS,
  );

  it("reaches nodes by their address where it is told their certificates' name, and is told so where not", async () => {
    const byAddress = { url: cluster.url.replaceAll("localhost", "127.0.0.1") };
    expect(await refusalOf(options(byAddress), "FAILED_PRECONDITION", PASSWORD)).toContain(
      "the certificate is for another name; use that one in the url, or name it as the server's in the TLS options",
    );
    const named = options({ ...byAddress, tls: { ...options().tls, servername: "localhost" } });
    const store = connectRedisStore(named);
    onTestFinished(() => store.close());
    await connected(store);
  });

  it("says which node refuses the password", async () => {
    const wrong = "wrong-password";
    expect(await refusalOf(options({ password: wrong }), "UNAUTHENTICATED", wrong)).toMatch(
      /no node answers; localhost:\d+: Redis refuses the user name or password: WRONGPASS/,
    );
  });

  it("says that nobody vouches for the certificate", async () => {
    const { cert: ca } = selfSigned();
    expect(await refusalOf(options({ tls: { ca } }), "FAILED_PRECONDITION", PASSWORD)).toMatch(
      /localhost:\d+: the certificate is signed by nobody that is believed/,
    );
  });

  it("says that a certificate is asked for", async () => {
    const { cert: ca } = certificate;
    expect(await refusalOf(options({ tls: { ca } }), "UNAUTHENTICATED", PASSWORD)).toContain(
      "Redis asks for a certificate of an authority that it believes",
    );
  });

  it.each([
    ["keys with its prefix", ["~other:*", "&*", "+@all"]],
    ["scripts", ["~*", "&*", "+@all", "-@scripting"]],
    ["the map of slots", ["~*", "&*", "+@all", "-cluster"]],
  ])("says that the user may not use %s, and is not ready", async (what, rules) => {
    const username = `without-${what.replaceAll(" ", "-")}`;
    for (const driver of cluster.drivers) {
      await driver.call("ACL", "SETUSER", username, "reset", "on", `>${PASSWORD}`, ...rules);
    }
    expect(await refusalOf(options({ username }), "FAILED_PRECONDITION", PASSWORD)).toContain(
      "this Redis user may not do that; its rules must be those of the README of @chappe/broker-redis",
    );
  });

  it("hears from Redis alone that it may not publish to a channel, and goes on", async () => {
    const username = "without-channels";
    for (const driver of cluster.drivers) {
      await driver.call("ACL", "SETUSER", username, "reset", "on", `>${PASSWORD}`, "~*", "+@all");
    }
    const errors: string[] = [];
    const store = connectRedisStore({
      ...options({ username }),
      onEvent: (event) => void (event.kind === "not-waking" && errors.push(event.error.code)),
    });
    onTestFinished(() => store.close());
    await connected(store);
    onTestFinished(store.watch(QUEUE.address, () => {}));
    await waitFor(() => errors.includes("FAILED_PRECONDITION"), WAIT);
    const batch = new TestProducer("receiver:unheard").batch("stored");
    expect(await store.append([batch], "accepted")).toMatchObject([{ ok: true }]);
  });
});
