import type { Redis } from "ioredis";
import { loopbackDriver } from "./loopback-driver.ts";
import { type ClusterMaster, migrateSlot, type SlotMigration } from "./slot-migration.ts";
import { type RedisFixture, type StartRedisOptions, startRedis } from "./start-redis.ts";
import { waitFor } from "./wait-for.ts";

/** How a test wants its cluster. */
export interface StartRedisClusterOptions {
  /** Nodes that serve slots. Default 3, the fewest that can agree on a failover. */
  readonly masters?: number;
  /** Nodes that copy each of them. Default 0. */
  readonly replicas?: number;
  /** Of every node. */
  readonly redis?: Omit<StartRedisOptions, "tcp">;
}

/** A cluster on loopback, whose slots are shared out evenly. `await using` stops it. */
export interface RedisClusterFixture extends AsyncDisposable {
  /** `redis+cluster://127.0.0.1:<port>,…`, `rediss` with TLS: masters of the beginning. Without a password. */
  readonly url: string;
  /** All nodes, whatever their role is; at first the masters stand in front. */
  readonly nodes: readonly RedisFixture[];
  /** A connection to each node, to give orders and to look. */
  readonly drivers: readonly Redis[];
  /** The node that serves a slot, once all that live say the same. */
  masterOf(slot: number): Promise<RedisFixture>;
  /** Makes the replica of a master take over, in order. */
  failOver(master: RedisFixture): Promise<void>;
  /** Resolves when all living nodes have another one than `old` in the slots' place, as happens when it dies. */
  failedOver(old: RedisFixture, slot: number): Promise<void>;
  /** Begins to move a slot to another master. */
  migrate(slot: number, to: RedisFixture): Promise<SlotMigration>;
  stop(): Promise<void>;
}

const SLOTS = 16_384;
const DEADLINE_MS = 30_000;
const NODE_TIMEOUT_MS = 1_000;

const SETTINGS = {
  "cluster-enabled": "yes",
  "cluster-node-timeout": String(NODE_TIMEOUT_MS),
  // However old a replica's copy is: a test's machine may be slow.
  "cluster-replica-validity-factor": "0",
  // A lost node takes its own slots with it, and no others.
  "cluster-require-full-coverage": "no",
  "cluster-allow-replica-migration": "no",
  "repl-diskless-sync-delay": "0",
};

/** Starts one, and resolves when every node knows it whole. @throws Error when it cannot be started */
export async function startRedisCluster(options: StartRedisClusterOptions = {}): Promise<RedisClusterFixture> {
  const { masters = 3, replicas = 0, redis } = options;
  await using starting = new AsyncDisposableStack();
  const bus = { "tls-cluster": redis?.security?.tls === undefined ? "no" : "yes" };
  const settings = { ...SETTINGS, ...bus, ...redis?.settings };
  const started = await Promise.all(
    Array.from({ length: masters * (1 + replicas) }, () => startRedis({ ...redis, tcp: true, settings })),
  );
  for (const node of started) starting.use(node);
  if (started.some(({ external }) => external)) throw new Error("a cluster is the test's own: unset REDIS_URL");
  const drivers = started.map((node) => starting.adopt(loopbackDriver(node), (driver) => driver.disconnect()));
  await join(started, drivers, masters);
  return new OwnCluster(started, drivers, masters, starting.move());
}

async function join(nodes: readonly RedisFixture[], drivers: readonly Redis[], masters: number): Promise<void> {
  const [first] = drivers;
  await Promise.all(
    drivers.map(async (driver, place) => {
      await driver.call("CLUSTER", "SET-CONFIG-EPOCH", place + 1);
      if (place >= masters) return;
      const begin = Math.floor((place * SLOTS) / masters);
      const end = Math.floor(((place + 1) * SLOTS) / masters) - 1;
      await driver.call("CLUSTER", "ADDSLOTSRANGE", begin, end);
    }),
  );
  for (const { announcedPort = 0, clusterPort = 0 } of nodes.slice(1)) {
    await first?.call("CLUSTER", "MEET", "127.0.0.1", announcedPort, clusterPort);
  }
  const ids = await Promise.all(drivers.map((driver) => driver.call("CLUSTER", "MYID").then(String)));
  const wait = { deadlineMs: DEADLINE_MS, describe: "nodes of a cluster that know each other" };
  await Promise.all(
    drivers.map(async (driver, place) => {
      const info = () => driver.call("CLUSTER", "INFO").then(String);
      await waitFor(async () => (await info()).includes(`cluster_known_nodes:${nodes.length}\r`), wait);
      if (place >= masters) {
        const master = ids[place % masters] ?? "";
        await waitFor(() => driver.call("CLUSTER", "REPLICATE", master), wait);
        await waitFor(async () => (await driver.info("replication")).includes("master_link_status:up"), wait);
      }
      await waitFor(async () => /cluster_state:ok[^]*cluster_slots_ok:16384/.test(await info()), wait);
    }),
  );
  // A replica that its master's peers do not know yet would get no votes.
  const whole = async (driver: Redis) => {
    const lines = String(await driver.call("CLUSTER", "NODES"))
      .trim()
      .split("\n");
    return lines.filter((line) => / (myself,)?slave /.test(line)).length === nodes.length - masters;
  };
  await Promise.all(drivers.map((driver) => waitFor(() => whole(driver), wait)));
}

class OwnCluster implements RedisClusterFixture {
  readonly url: string;
  readonly nodes: readonly RedisFixture[];
  readonly drivers: readonly Redis[];
  readonly #all: AsyncDisposableStack;

  constructor(nodes: readonly RedisFixture[], drivers: readonly Redis[], masters: number, all: AsyncDisposableStack) {
    const seeds = nodes.slice(0, masters).map(({ announcedPort }) => `127.0.0.1:${announcedPort}`);
    const scheme = nodes[0]?.security.tls === undefined ? "redis" : "rediss";
    this.url = `${scheme}+cluster://${seeds.join(",")}`;
    this.nodes = nodes;
    this.drivers = drivers;
    this.#all = all;
  }

  async masterOf(slot: number): Promise<RedisFixture> {
    // What has moved is told on by and by.
    return waitFor(() => this.#agreedMasterOf(slot), { deadlineMs: DEADLINE_MS, describe: `a master of slot ${slot}` });
  }

  async #agreedMasterOf(slot: number): Promise<RedisFixture> {
    const told = await Promise.all(this.#living().map((driver) => portOfMaster(driver, slot)));
    const [port] = told;
    const node = this.nodes.find((each) => each.announcedPort === port);
    if (node === undefined || told.some((each) => each !== port)) {
      throw new Error(`the nodes do not agree on slot ${slot}: ${told.join(", ")}`);
    }
    return node;
  }

  async failOver(master: RedisFixture): Promise<void> {
    const slot = await this.#firstSlotOf(master);
    const id = await this.#idOf(master);
    const replica = await waitFor(async () => {
      for (const [place, node] of this.nodes.entries()) {
        if (node.pid === undefined) continue;
        const own = /\S+ \S+ myself,slave (\S+) /.exec(String(await this.drivers[place]?.call("CLUSTER", "NODES")));
        if (own?.[1] === id) return this.drivers[place];
      }
      return undefined;
    });
    await waitFor(
      async () => {
        await replica.call("CLUSTER", "FAILOVER").catch(() => {});
        return (await this.masterOf(slot)) !== master;
      },
      { deadlineMs: DEADLINE_MS, describe: "a failover in order" },
    );
  }

  async failedOver(old: RedisFixture, slot: number): Promise<void> {
    const wait = { deadlineMs: DEADLINE_MS, describe: "a failover of the cluster" };
    await waitFor(async () => (await this.masterOf(slot)) !== old, wait);
  }

  async migrate(slot: number, to: RedisFixture): Promise<SlotMigration> {
    const from = await this.masterOf(slot);
    const masters: ClusterMaster[] = [];
    for (const [place, { pid, port = 0 }] of this.nodes.entries()) {
      const driver = this.drivers[place];
      if (driver === undefined || pid === undefined) continue;
      const [role] = (await driver.call("ROLE")) as [string];
      if (role === "master") masters.push({ id: String(await driver.call("CLUSTER", "MYID")), port, driver });
    }
    const masterAt = (node: RedisFixture) => {
      const found = masters.find(({ port }) => port === node.port);
      if (found === undefined) throw new Error(`the node on port ${node.port} is no master`);
      return found;
    };
    return migrateSlot(slot, masterAt(from), masterAt(to), masters, to.security.password);
  }

  async stop(): Promise<void> {
    await this.#all.disposeAsync();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #living(): Redis[] {
    return this.drivers.filter((_, place) => this.nodes[place]?.pid !== undefined);
  }

  async #idOf(node: RedisFixture): Promise<string> {
    return String(await this.drivers[this.nodes.indexOf(node)]?.call("CLUSTER", "MYID"));
  }

  async #firstSlotOf(master: RedisFixture): Promise<number> {
    const [driver] = this.#living();
    const ranges = (await driver?.call("CLUSTER", "SLOTS")) as [number, number, [string, number]][];
    const own = ranges.find(([, , [, port]]) => port === master.announcedPort);
    if (own === undefined) throw new Error(`the node on port ${master.port} serves no slots`);
    return own[0];
  }
}

async function portOfMaster(driver: Redis, slot: number): Promise<number | undefined> {
  const ranges = (await driver.call("CLUSTER", "SLOTS")) as [number, number, [string, number]][];
  return ranges.find(([begin, end]) => begin <= slot && slot <= end)?.[2][1];
}
