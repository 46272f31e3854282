import type { Redis } from "ioredis";
import { loopbackDriver } from "./loopback-driver.ts";
import type { RedisSecurity } from "./redis-security.ts";
import { type RedisFixture, type StartRedisOptions, startRedis } from "./start-redis.ts";
import { type Sentinel, startSentinel } from "./start-sentinel.ts";
import { waitFor } from "./wait-for.ts";

/** How a test wants its Redis with sentinels. */
export interface StartRedisSentinelOptions {
  /** Servers that copy the primary. Default 1. */
  readonly replicas?: number;
  /** Sentinels; more than half of them must agree. Default 3. */
  readonly sentinels?: number;
  /** Whom the sentinels let in, which may be others than the servers do. Default: anybody. */
  readonly sentinelSecurity?: Pick<RedisSecurity, "password" | "user">;
  /** Of every server. Where they have TLS, sentinels have it, too. */
  readonly redis?: Omit<StartRedisOptions, "tcp">;
}

/** A primary, replicas and sentinels, all on loopback. `await using` stops them. */
export interface RedisSentinelFixture extends AsyncDisposable {
  /** `redis+sentinel://127.0.0.1:<port>,…/main`, `rediss` with TLS. Without passwords. */
  readonly url: string;
  /** All servers, whatever their role is. */
  readonly servers: readonly RedisFixture[];
  /** The primary, as the sentinels have it. */
  primary(): Promise<RedisFixture>;
  /** Makes a replica the primary, in order. Resolves when the sentinels say so and the old one obeys. */
  failOver(): Promise<void>;
  /** Resolves when the sentinels have made another server than `old` the primary, as they do when it dies. */
  failedOver(old: RedisFixture): Promise<void>;
  stop(): Promise<void>;
}

const NAME = "main";
const DOWN_AFTER_MS = 500;
const DEADLINE_MS = 30_000;

/** What sentinels do by the second they shall do by the tenth: a test waits for it. */
const HASTE = ["info-period", "200", "publish-period", "200", "ask-period", "200"];

/** Starts them, and resolves when every sentinel knows all of them. @throws Error when they cannot be started */
export async function startRedisSentinel(options: StartRedisSentinelOptions = {}): Promise<RedisSentinelFixture> {
  const { replicas = 1, sentinels: count = 3, sentinelSecurity, redis } = options;
  await using starting = new AsyncDisposableStack();
  const settings = { "repl-diskless-sync-delay": "0", ...redis?.settings };
  const first = starting.use(await startRedis({ ...redis, tcp: true, settings }));
  if (first.external) throw new Error("a Redis with sentinels is the test's own: unset REDIS_URL");
  const copying = { ...settings, replicaof: `127.0.0.1 ${first.announcedPort}` };
  const servers = [first];
  for (const replica of await Promise.all(
    Array.from({ length: replicas }, () => startRedis({ ...redis, tcp: true, settings: copying })),
  )) {
    servers.push(starting.use(replica));
  }
  await inSync(first, replicas);
  const { announcedPort: port = 0, security } = first;
  const quorum = Math.floor(count / 2) + 1;
  const watched = { name: NAME, port, password: security.password, quorum, downAfterMs: DOWN_AFTER_MS };
  const { tls, clientCertificates } = security;
  const own = { ...sentinelSecurity, ...(tls && { tls }), ...(clientCertificates && { clientCertificates }) };
  const sentinels = await Promise.all(Array.from({ length: count }, () => startSentinel(watched, own)));
  for (const sentinel of sentinels) starting.defer(() => sentinel.stop());
  const asked = sentinels.map((sentinel) => starting.adopt(loopbackDriver(sentinel), (driver) => driver.disconnect()));
  await Promise.all(
    asked.map(async (driver) => {
      await driver.call("SENTINEL", "DEBUG", ...HASTE);
      await waitFor(
        async () => {
          const known = fieldsOf(await driver.call("SENTINEL", "MASTER", NAME));
          return known["num-slaves"] === String(replicas) && known["num-other-sentinels"] === String(count - 1);
        },
        { deadlineMs: DEADLINE_MS, describe: "sentinels that know each other" },
      );
    }),
  );
  return new OwnSentinels(servers, sentinels, asked, starting.move());
}

class OwnSentinels implements RedisSentinelFixture {
  readonly url: string;
  readonly servers: readonly RedisFixture[];
  readonly #sentinels: readonly Redis[];
  readonly #all: AsyncDisposableStack;

  constructor(
    servers: readonly RedisFixture[],
    sentinels: readonly Sentinel[],
    asked: readonly Redis[],
    all: AsyncDisposableStack,
  ) {
    const scheme = servers[0]?.security.tls === undefined ? "redis" : "rediss";
    this.url = `${scheme}+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(",")}/${NAME}`;
    this.servers = servers;
    this.#sentinels = asked;
    this.#all = all;
  }

  async primary(): Promise<RedisFixture> {
    const ports = await Promise.all(this.#sentinels.map(portOfPrimary));
    const found = this.servers.find(({ announcedPort }) => ports.every((each) => each === announcedPort));
    if (found === undefined) throw new Error(`the sentinels do not agree: ${ports.join(", ")}`);
    return found;
  }

  async failOver(): Promise<void> {
    const old = await this.primary();
    const [sentinel] = this.#sentinels;
    await waitFor(
      async () => {
        if (sentinel === undefined || (await portOfPrimary(sentinel)) !== old.announcedPort) return true;
        // Refused while there is no good replica, as right after another failover, or while one is under way, which a
        // sentinel may give up on a slow machine.
        await sentinel.call("SENTINEL", "FAILOVER", NAME).catch(() => {});
        return false;
      },
      { deadlineMs: DEADLINE_MS, describe: "a sentinel that fails over" },
    );
    await this.failedOver(old);
    await waitFor(async () => (await roleOf(old)) === "slave", { deadlineMs: DEADLINE_MS, describe: "an old primary" });
  }

  async failedOver(old: RedisFixture): Promise<void> {
    await waitFor(
      async () => {
        const now = await this.primary();
        return now !== old && (await roleOf(now)) === "master";
      },
      { deadlineMs: DEADLINE_MS, describe: "a failover by the sentinels" },
    );
  }

  async stop(): Promise<void> {
    await this.#all.disposeAsync();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

async function portOfPrimary(sentinel: Redis): Promise<number> {
  const [, port] = (await sentinel.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME)) as [string, string];
  return Number(port);
}

async function roleOf(server: RedisFixture): Promise<string> {
  const driver = loopbackDriver(server);
  try {
    const [role] = (await driver.call("ROLE")) as [string];
    return role;
  } finally {
    driver.disconnect();
  }
}

async function inSync(primary: RedisFixture, replicas: number): Promise<void> {
  const driver = loopbackDriver(primary);
  try {
    await waitFor(async () => Number(await driver.call("WAIT", replicas, 1_000)) === replicas, {
      deadlineMs: DEADLINE_MS,
      describe: "replicas that have everything",
    });
  } finally {
    driver.disconnect();
  }
}

function fieldsOf(reply: unknown): Record<string, string> {
  if (!Array.isArray(reply)) return reply as Record<string, string>;
  const fields: Record<string, string> = {};
  for (let at = 0; at + 1 < reply.length; at += 2) fields[String(reply[at])] = String(reply[at + 1]);
  return fields;
}
