import { isInterruptible } from "@chappe/broker";
import {
  type RedisClusterFixture,
  redisNamespace,
  type RedisFixture,
  startRedisCluster,
  waitFor,
} from "@chappe/testing";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { addressOfEach, otherMaster, slotOf } from "./fixtures/cluster-slots.ts";
import { steadyLoad } from "./fixtures/steady-load.ts";
import { connected, take, TestProducer, textsOf } from "./fixtures/store-traffic.ts";
import { connectRedisStore } from "./redis-store.ts";

const WAIT = { deadlineMs: 20_000 };
const LONG_MS = 60_000;

describe.skipIf(process.env["REDIS_URL"])("replicated on a cluster", () => {
  let cluster: RedisClusterFixture;
  beforeAll(async () => {
    cluster = await startRedisCluster({ masters: 3, replicas: 1 });
  }, LONG_MS);
  afterAll(() => cluster.stop());

  async function store(keyPrefix = redisNamespace()) {
    const made = connectRedisStore({ url: cluster.url, keyPrefix, durabilityTimeoutMs: 2_000 });
    onTestFinished(() => made.close());
    return connected(made);
  }

  function driverOf(node: RedisFixture) {
    return cluster.drivers[cluster.nodes.indexOf(node)]!;
  }

  async function waitsAt(node: RedisFixture): Promise<number> {
    return Number(/cmdstat_wait:calls=(\d+)/.exec(await driverOf(node).info("commandstats"))?.[1] ?? 0);
  }

  async function replicaOf(master: RedisFixture): Promise<RedisFixture> {
    const [port] = /(?<=^slave0:.*port=)\d+/m.exec(await driverOf(master).info("replication")) ?? [];
    return cluster.nodes.find((node) => String(node.port) === port)!;
  }

  it("proves each batch of a call at the node that stored it", async () => {
    const one = await store();
    const addresses = await addressOfEach(cluster);
    const before = await Promise.all([...addresses.keys()].map(waitsAt));
    const batches = [...addresses.values()].map((address) => new TestProducer(address).batch("a message"));
    const replicated = { ok: true, durability: "replicated" };
    expect(await one.append(batches, "replicated")).toMatchObject([replicated, replicated, replicated]);
    for (const [place, node] of [...addresses.keys()].entries()) {
      expect(await waitsAt(node)).toBe((before[place] ?? 0) + 1);
    }
  });

  it("answers where the replica has a batch, and refuses where it has not, in one call", async () => {
    const one = await store();
    const addresses = await addressOfEach(cluster);
    const [slow] = addresses.keys();
    const producers = [...addresses.values()].map((address) => new TestProducer(address));
    const publish = () =>
      one.append(
        producers.map((producer) => producer.batch("a message")),
        "replicated",
      );
    expect(await publish()).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
    const { pid } = await replicaOf(slow!);
    process.kill(pid!, "SIGSTOP");
    onTestFinished(() => void process.kill(pid!, "SIGCONT"));
    expect(await publish()).toMatchObject([
      { ok: false, error: { code: "UNAVAILABLE", message: expect.stringMatching(/0 of 1 replicas/) } },
      { ok: true },
      { ok: true },
    ]);
  });

  it(
    "is not answered while the slot moves, wherever the batch went, and is by its new node",
    async () => {
      const address = "receiver:moving";
      const one = await store();
      const producer = new TestProducer(address);
      const append = async (text: string) => (await one.append([producer.batch(text)], "replicated"))[0];
      await waitFor(async () => (await append("warm"))?.ok, WAIT);
      const slot = slotOf(address);
      const to = await otherMaster(cluster, slot);
      const migration = await cluster.migrate(slot, to);
      const unproven = { ok: false, error: { code: "UNAVAILABLE", message: expect.stringMatching(/is stored/) } };
      expect(await append("still here")).toMatchObject(unproven);
      await migration.moveKeys();
      expect(await append("gone over")).toMatchObject(unproven);
      await migration.finish();
      const last = producer.batch("there");
      await waitFor(async () => (await one.append([last], "replicated"))[0]?.ok, WAIT);
      expect(await waitsAt(to)).toBeGreaterThan(0);
    },
    LONG_MS,
  );

  it(
    "no batch that was answered dies with its node",
    async () => {
      const [keyPrefix, address] = [redisNamespace(), "receiver:surviving"];
      const [publishing, reading] = [await store(keyPrefix), await store(keyPrefix)];
      const name = { address, subscription: "" };
      await reading.open(name, "earliest");
      const load = steadyLoad(publishing, address, "replicated");
      await waitFor(() => load.stored.length > 20, WAIT);
      const dying = await cluster.masterOf(slotOf(address));
      await dying.kill();
      await cluster.failedOver(dying, slotOf(address));
      // The heir has no replica until the old one is back as that.
      await dying.restart();
      const size = load.stored.length;
      await waitFor(() => load.stored.length > size + 20, WAIT);
      const stored = await load.stop();
      expect((await take(reading, name, stored.length)).flatMap(textsOf)).toEqual(stored);
    },
    LONG_MS,
  );

  it(
    "idle senders are told of a node that was replaced, though no connection was lost",
    async () => {
      const one = await store();
      let interruptions = 0;
      if (!isInterruptible(one)) throw new Error("a Redis store tells of interruptions");
      onTestFinished(one.onInterrupted(() => interruptions++));
      const [master] = (await addressOfEach(cluster)).keys();
      expect(interruptions).toBe(0);
      await cluster.failOver(master!);
      // Somebody has to be told that the slot has moved; looks would find out, too.
      await waitFor(() => interruptions > 0, WAIT);
    },
    LONG_MS,
  );
});
