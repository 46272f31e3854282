import { waitFor } from "@chappe/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RedisStage } from "./fixtures/redis-stage.ts";
import { removal, take, TestProducer, textsOf } from "./fixtures/store-traffic.ts";
import { Keys } from "./keys.ts";

/** Batches without a key pass beside the script from this size on. */
const LARGE = "x".repeat(10_000);

let stage: RedisStage;
beforeAll(async () => {
  stage = await RedisStage.start();
});
afterAll(() => stage[Symbol.asyncDispose]());

describe.skipIf(process.env["REDIS_URL"])("ordering keys in Redis", () => {
  it("name the entry before, whatever the size of either, within one call and over several", async () => {
    const name = { address: "receiver:chain", subscription: "" };
    const store = await stage.connect();
    const producer = new TestProducer(name.address);
    const batches = [
      producer.ordered("red", "r1"),
      producer.ordered("red", `r2${LARGE}`),
      producer.batch(LARGE),
      producer.ordered('blue "1"', "b1"),
      producer.ordered("red", "r3"),
    ];
    const later = [producer.ordered('blue "1"', "b2")];
    for (const some of [batches, later]) {
      expect((await store.append(some, "accepted")).every(({ ok }) => ok)).toBe(true);
    }
    await store.open(name, "earliest");
    const entries = await take(store, name, 6);
    const texts = new Map(entries.map((entry) => [entry.ref, textsOf(entry)[0]!.slice(0, 2)]));
    expect(entries.map(({ ref, turn }) => [texts.get(ref), turn && texts.get(turn.after)])).toEqual([
      ["r1", undefined],
      ["r2", "r1"],
      ["xx", undefined],
      ["b1", undefined],
      ["r3", "r2"],
      ["b2", "b1"],
    ]);
  });

  it("are forgotten when a receiver has settled their last entry", async () => {
    const name = { address: "receiver:forgets", subscription: "" };
    const store = await stage.connect();
    const remembered = new Keys(stage.keyPrefix).orderingKeys(name.address);
    const producer = new TestProducer(name.address);
    await store.open(name, "earliest");
    await store.append([producer.ordered("kept", "0")], "accepted");
    const [kept] = await take(store, name, 1);
    for (let round = 0; round < 10; round++) {
      const batches = Array.from({ length: 30 }, (_, number) => producer.ordered(`key ${round}/${number}`, "x"));
      await store.append(batches, "accepted");
      const entries = await store.claim(name, batches.length);
      expect(entries).toHaveLength(batches.length);
      await store.settle(
        name,
        entries.map((entry) => removal(entry)),
      );
    }
    // Two at random are looked at for each that comes.
    expect(await stage.driver.hlen(remembered)).toBeLessThan(150);
    await store.append([producer.ordered("kept", "again")], "accepted");
    const [again] = await store.claim(name, 1);
    expect(again?.turn?.after).toBe(kept?.ref);
  });

  it("of a topic are forgotten with its entries", async () => {
    const store = await stage.connect({ topicRetentionMs: 1 });
    const address = "topic:forgets";
    const remembered = new Keys(stage.keyPrefix).orderingKeys(address);
    const producer = new TestProducer(address);
    let appended = 0;
    await waitFor(async () => {
      await store.append([producer.ordered(`key ${++appended}`, "x")], "accepted");
      return appended > 100 && (await stage.driver.hlen(remembered)) < appended / 2;
    });
  });

  it("leave nothing behind of entries that went over to another instance", async () => {
    const name = { address: "receiver:handed", subscription: "" };
    const [first, second] = [await stage.connect(), await stage.connect()];
    const producer = new TestProducer(name.address);
    await first.open(name, "earliest");
    await first.append([producer.ordered("red", "r1"), producer.ordered("red", "r2")], "accepted");
    const [r1] = await first.claim(name, 1);
    const [r2] = await take(second, name, 1);
    const { handed } = new Keys(stage.keyPrefix).subscription(name);
    expect(await second.turns(name, [{ ref: r2!.ref, after: r1!.ref }])).toEqual(["moved"]);
    expect(await stage.driver.hgetall(handed)).toEqual({ [r2!.ref]: expect.any(String) });
    expect((await take(first, name, 1)).flatMap(textsOf)).toEqual(["r2"]);
    expect(await stage.driver.exists(handed)).toBe(0);
  });

  it("leave nothing behind of such entries when retention takes them, or their subscription is moved", async () => {
    const name = { address: "topic:handed", subscription: "s" };
    const options = { topicRetentionBytes: 3_000 };
    const [first, second] = [await stage.connect(options), await stage.connect(options)];
    const producer = new TestProducer(name.address);
    const { handed } = new Keys(stage.keyPrefix).subscription(name);
    const handOver = async () => {
      const [r1] = await first.claim(name, 1);
      const [r2] = await take(second, name, 1);
      expect(await second.turns(name, [{ ref: r2!.ref, after: r1!.ref }])).toEqual(["moved"]);
      expect(await stage.driver.hlen(handed)).toBe(1);
    };
    await first.open(name, "earliest");
    await first.append([producer.ordered("red", "r1"), producer.ordered("red", "r2")], "accepted");
    await handOver();
    await first.seek(name, "earliest");
    await first.sweep(name, 0);
    expect(await stage.driver.exists(handed)).toBe(0);
    await handOver();
    await first.append([producer.batch("x".repeat(5_000))], "accepted");
    await waitFor(async () => (await stage.driver.exists(handed)) === 0);
  });
});
