import {
  type RedisClusterFixture,
  type RedisFixture,
  redisNamespace,
  startRedisCluster,
  waitFor,
} from "@chappe/testing";
import type { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { addressOfEach, otherMaster, slotOf } from "./fixtures/cluster-slots.ts";
import { steadyLoad } from "./fixtures/steady-load.ts";
import { connected, removal, take, TestProducer, textsOf } from "./fixtures/store-traffic.ts";
import { connectRedisStore } from "./redis-store.ts";
import type { RedisStoreEvent } from "./store-options.ts";

const WAIT = { deadlineMs: 20_000 };
const LONG_MS = 60_000;

describe.skipIf(process.env["REDIS_URL"])("a store on a cluster", () => {
  let cluster: RedisClusterFixture;
  beforeAll(async () => {
    cluster = await startRedisCluster({ masters: 3, replicas: 1 });
  }, LONG_MS);
  afterAll(() => cluster.stop());

  async function store(keyPrefix: string, events: RedisStoreEvent[] = []) {
    const made = connectRedisStore({ url: cluster.url, keyPrefix, onEvent: (event) => events.push(event) });
    onTestFinished(() => made.close());
    return connected(made);
  }

  /** A store that has opened this receiver's subscription. */
  async function opened(address: string, keyPrefix = redisNamespace()) {
    const name = { address, subscription: "" };
    const one = await store(keyPrefix);
    await one.open(name, "earliest");
    return { one, name, slot: slotOf(address) };
  }

  async function replicaOf({ port }: RedisFixture): Promise<Redis> {
    const roles = await Promise.all(cluster.drivers.map((driver) => driver.call("ROLE")));
    const place = roles.findIndex((role) => {
      const [kind, , masterPort] = role as readonly unknown[];
      return kind === "slave" && masterPort === port;
    });
    return cluster.drivers[place] as Redis;
  }

  it("publishes and reads whatever the node is, and lists all addresses", async () => {
    const one = await store(redisNamespace());
    const addresses = [...(await addressOfEach(cluster)).values()];
    const batches = addresses.map((address) => new TestProducer(address).batch(`for ${address}`));
    expect(await one.append(batches, "accepted")).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
    for (const address of addresses) {
      const name = { address, subscription: "" };
      await one.open(name, "earliest");
      expect((await take(one, name, 1)).flatMap(textsOf)).toEqual([`for ${address}`]);
      expect((await one.inspect(address))?.published).toBe(1);
    }
    expect((await one.addresses(10)).addresses.toSorted()).toEqual(addresses.toSorted());
  });

  it.each([5, 2_000])(
    "loses, doubles and swaps nothing while a slot moves, batches of %i bytes",
    async (bytes) => {
      const [keyPrefix, address] = [redisNamespace(), "receiver:moving"];
      const publishing = await store(keyPrefix);
      const { one: reading, name, slot } = await opened(address, keyPrefix);
      const loading = steadyLoad(publishing, address);
      // Not numbered, and not waited for: nothing but their order on the way keeps them in order.
      const [unnumbered, sent]: [string[], Promise<unknown>[]] = [[], []];
      const pipeline = () => {
        const text = `u${unnumbered.length} ${"x".repeat(bytes)}`;
        unnumbered.push(text);
        const batch = new TestProducer(address).batch(text);
        const plain = { ...batch, header: { ...batch.header, producerId: new Uint8Array() } };
        sent.push(publishing.append([plain], "accepted"));
      };
      await waitFor(() => loading.stored.length > 20, WAIT);
      pipeline();
      await Promise.all(sent);
      const migration = await cluster.migrate(slot, await otherMaster(cluster, slot));
      for (let step = 0; step < 4; step++) {
        await migration.moveKeys(1);
        for (let count = 0; count < 5; count++) pipeline();
      }
      await migration.finish();
      for (let count = 0; count < 5; count++) pipeline();
      const size = loading.stored.length;
      await waitFor(() => loading.stored.length > size + 20, WAIT);
      await Promise.all(sent);
      const stored = await loading.stop();
      const texts = (await take(reading, name, stored.length + unnumbered.length)).flatMap(textsOf);
      expect(texts.filter((text) => !text.startsWith("u"))).toEqual(stored);
      expect(texts.filter((text) => text.startsWith("u"))).toEqual(unnumbered);
    },
    LONG_MS,
  );

  it(
    "goes on at the other node while a slot whose keys have moved is still moving",
    async () => {
      const { one, name, slot } = await opened("receiver:between");
      const producer = new TestProducer(name.address);
      await one.append([producer.batch("first")], "accepted");
      const migration = await cluster.migrate(slot, await otherMaster(cluster, slot));
      await migration.moveKeys();
      // Large ones go by a transaction.
      const batches = [producer.batch("second"), producer.batch("x".repeat(20_000)), producer.batch("last")];
      const stored = await Promise.all(batches.map((batch) => one.append([batch], "accepted")));
      expect(stored.flat().every(({ ok }) => ok)).toBe(true);
      expect((await one.inspect(name.address))?.published).toBe(4);
      await migration.finish();
      const texts = (await take(one, name, 4)).flatMap(textsOf);
      expect(texts.map((text) => text.slice(0, 6))).toEqual(["first", "second", "xxxxxx", "last"]);
    },
    LONG_MS,
  );

  it(
    "goes on through a failover in order, and loses and doubles nothing",
    async () => {
      const [keyPrefix, address] = [redisNamespace(), "receiver:failing-over"];
      const publishing = await store(keyPrefix);
      const { one: reading, name, slot } = await opened(address, keyPrefix);
      const loading = steadyLoad(publishing, address);
      await waitFor(() => loading.stored.length > 20, WAIT);
      await cluster.failOver(await cluster.masterOf(slot));
      const size = loading.stored.length;
      await waitFor(() => loading.stored.length > size + 20, WAIT);
      const stored = await loading.stop();
      const entries = await take(reading, name, stored.length);
      expect(entries.flatMap(textsOf)).toEqual(stored);
      // What is acked there stays acked.
      expect(
        await reading.settle(
          name,
          entries.map((entry) => removal(entry)),
        ),
      ).toEqual([]);
      expect((await reading.inspect(address))?.subscriptions).toMatchObject([{ depth: 0, acked: stored.length }]);
    },
    LONG_MS,
  );

  it(
    "flags what a replica that took over has and does not know to be handed out, and nothing that comes then",
    async () => {
      const { one, name, slot } = await opened("receiver:lagging");
      await one.sweep(name, 0);
      const before = new TestProducer(name.address).batch("before");
      await waitFor(async () => (await one.append([before], "replicated"))[0]?.ok, WAIT);
      const master = await cluster.masterOf(slot);
      const replica = await replicaOf(master);
      // It hears nothing more, and cannot come back to its master.
      await replica.config("SET", "masteruser", "nobody", "masterauth", "wrong");
      await replica.call("CLIENT", "KILL", "TYPE", "master");
      expect(await one.claim(name, 10)).toMatchObject([{ attempt: 1, redelivered: false }]);
      await replica.call("CLUSTER", "FAILOVER", "TAKEOVER");
      await cluster.failedOver(master, slot);
      await replica.config("SET", "masteruser", "", "masterauth", "");
      const after = new TestProducer(name.address).batch("after");
      // The first finds out who serves the slot now, the second looks there.
      for (const _ of [1, 2]) await waitFor(() => one.sweep(name, 0), WAIT);
      await waitFor(async () => (await one.append([after], "accepted"))[0]?.ok, WAIT);
      expect((await take(one, name, 2)).map((entry) => [textsOf(entry), entry.redelivered])).toEqual([
        [["before"], true],
        [["after"], false],
      ]);
    },
    LONG_MS,
  );

  it(
    "flags what a node hands out at which it has not looked yet, and nothing that comes then",
    async () => {
      const { one, name, slot } = await opened("receiver:unlooked");
      const producer = new TestProducer(name.address);
      await one.append([producer.batch("before")], "accepted");
      await one.sweep(name, 0);
      const migration = await cluster.migrate(slot, await otherMaster(cluster, slot));
      await migration.moveKeys();
      await migration.finish();
      expect(await one.claim(name, 10)).toMatchObject([{ attempt: 1, redelivered: true }]);
      // Now it does.
      await one.sweep(name, 0);
      await one.append([producer.batch("after")], "accepted");
      expect(await one.claim(name, 10)).toMatchObject([{ attempt: 1, redelivered: false }]);
    },
    LONG_MS,
  );

  it(
    "hears wake-ups again after a slot has moved, and after a failover",
    async () => {
      const [keyPrefix, address] = [redisNamespace(), "receiver:woken"];
      const [publishing, reading] = [await store(keyPrefix), await store(keyPrefix)];
      const producer = new TestProducer(address);
      let wakeUps = 0;
      onTestFinished(reading.watch(address, () => wakeUps++));
      const wakesUp = () =>
        waitFor(async () => {
          const seen = wakeUps;
          await publishing.append([producer.batch("wake up")], "accepted");
          await waitFor(() => wakeUps > seen, { deadlineMs: 100 });
          return true;
        }, WAIT);
      await wakesUp();
      const slot = slotOf(address);
      const to = await otherMaster(cluster, slot);
      await (await cluster.migrate(slot, to)).finish();
      await wakesUp();
      await cluster.failOver(to);
      await wakesUp();
    },
    LONG_MS,
  );

  it(
    "stops only the partitions of a node that dies, and serves them again after the failover",
    async () => {
      const keyPrefix = redisNamespace();
      const events: RedisStoreEvent[] = [];
      const one = await store(keyPrefix, events);
      const addresses = await addressOfEach(cluster);
      const [[dying, lost]] = [...addresses] as [[RedisFixture, string]];
      const others = [...addresses.values()].filter((address) => address !== lost);
      const producers = new Map([...addresses.values()].map((address) => [address, new TestProducer(address)]));
      const publish = (address: string) => one.append([producers.get(address)!.batch("a message")], "accepted");
      for (const address of addresses.values()) expect(await publish(address)).toMatchObject([{ ok: true }]);
      await dying.kill();
      await waitFor(() => events.some((event) => event.kind === "disconnected" && event.server !== undefined), WAIT);
      await expect(publish(lost)).rejects.toMatchObject({ code: "UNAVAILABLE" });
      // Routers stay ready for the others.
      await one.ping();
      for (const address of others) expect(await publish(address)).toMatchObject([{ ok: true }]);
      await cluster.failedOver(dying, slotOf(lost));
      // One whose last batches the replica never had would be told of a gap.
      const after = new TestProducer(lost).batch("after");
      await waitFor(async () => (await one.append([after], "accepted"))[0]?.ok, WAIT);
      await waitFor(() => events.at(-1)?.kind !== "disconnected", WAIT);
      await dying.restart();
    },
    LONG_MS,
  );
});
