import { type RedisClusterFixture, startRedisCluster } from "@chappe/testing";
import { comesTrue } from "./comes-true.ts";
import { RedisServer } from "./redis-server.ts";
import type { AnySite } from "./redis-site.ts";
import { HASTE, isReplicated } from "./replication.ts";

const MASTERS = 3;

/** First slot, last slot, and host and port of the node that serves them. */
type SlotRange = readonly [number, number, readonly [string, number]];

/** Three masters and a replica of each, which log their writes. */
export class ClusterSite implements AnySite {
  readonly name = "cluster";
  readonly #cluster: RedisClusterFixture;
  readonly #nodes: readonly [RedisServer, ...RedisServer[]];
  /** By address, once asked for: an address stays in its slot. */
  readonly #slots = new Map<string, number>();
  readonly #keyPrefix: string;

  private constructor(cluster: RedisClusterFixture, keyPrefix: string) {
    this.#cluster = cluster;
    const [first, ...others] = cluster.nodes.map((fixture) => new RedisServer(fixture));
    if (first === undefined) throw new Error("a cluster has nodes");
    this.#nodes = [first, ...others];
    this.#keyPrefix = keyPrefix;
  }

  /** @param keyPrefix of the run, by which an address's keys are found */
  static async start(keyPrefix: string): Promise<ClusterSite> {
    const redis = { appendonly: "everysec", linked: true, settings: HASTE } as const;
    return new ClusterSite(await startRedisCluster({ masters: MASTERS, replicas: 1, redis }), keyPrefix);
  }

  get url(): string {
    return this.#cluster.url;
  }

  async masters(): Promise<readonly RedisServer[]> {
    const [first] = this.#nodes;
    const ports = new Set((await rangesSeenBy(first)).map(([, , [, port]]) => port));
    return this.#nodes.filter(({ fixture }) => ports.has(fixture.announcedPort ?? 0));
  }

  async masterOf(address: string): Promise<RedisServer> {
    const master = await this.#cluster.masterOf(await this.#slotOf(address));
    const found = this.#nodes.find(({ fixture }) => fixture === master);
    if (found === undefined) throw new Error("the cluster names a node that is none of its own");
    return found;
  }

  async isWhole(deadlineMs: number): Promise<boolean> {
    return comesTrue(async () => {
      const views = await Promise.all(this.#nodes.map(async (node) => JSON.stringify(await rangesSeenBy(node))));
      return new Set(views).size === 1 && (await isReplicated(this.#nodes, MASTERS));
    }, deadlineMs);
  }

  /** Makes the replica of a master take over, in order. */
  async failOver(master: RedisServer): Promise<void> {
    await this.#cluster.failOver(master.fixture);
  }

  /** Resolves when the replica has taken over from a master that is gone. @param address one that it had held */
  async failedOver(old: RedisServer, address: string): Promise<void> {
    await this.#cluster.failedOver(old.fixture, await this.#slotOf(address));
  }

  /**
   * Moves an address to another master, key by key.
   *
   * @param pauses what is done after each key
   */
  async move(address: string, to: RedisServer, pauses: () => Promise<void>): Promise<void> {
    const migration = await this.#cluster.migrate(await this.#slotOf(address), to.fixture);
    do await pauses();
    while ((await migration.moveKeys(1)) > 0);
    await migration.finish();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.#nodes) node.resume();
    await this.#cluster.stop();
  }

  async #slotOf(address: string): Promise<number> {
    const known = this.#slots.get(address);
    if (known !== undefined) return known;
    for (const node of this.#nodes) {
      const [key] = (await node.call("KEYS", `${this.#keyPrefix}:*:stream:${address}`)) as string[];
      if (key === undefined) continue;
      const slot = Number(await node.call("CLUSTER", "KEYSLOT", key));
      this.#slots.set(address, slot);
      return slot;
    }
    throw new Error(`no node holds ${address}`);
  }
}

async function rangesSeenBy(node: RedisServer): Promise<readonly SlotRange[]> {
  const ranges = (await node.call("CLUSTER", "SLOTS")) as readonly SlotRange[];
  return ranges
    .map(([begin, end, [host, port]]): SlotRange => [begin, end, [host, port]])
    .toSorted(([one], [other]) => one - other);
}
