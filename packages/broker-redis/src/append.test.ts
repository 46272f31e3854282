import { BatchBuilder, messageIdAt } from "@chappe/message";
import { waitFor } from "@chappe/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RedisStage } from "./fixtures/redis-stage.ts";
import { take, TestProducer, textsOf } from "./fixtures/store-traffic.ts";
import { Keys } from "./keys.ts";

/** Long enough to be added beside the script, not through it. */
const LARGE = "x".repeat(10_000);

let stage: RedisStage;
beforeAll(async () => {
  stage = await RedisStage.start();
});
afterAll(() => stage[Symbol.asyncDispose]());

describe.skipIf(process.env["REDIS_URL"])("append", () => {
  it("keeps a producer's order when small and large batches mix in one call", async () => {
    const name = { address: "receiver:order", subscription: "" };
    const store = await stage.connect();
    const producer = new TestProducer(name.address);
    const batches = Array.from({ length: 30 }, (_, n) => producer.batch((n % 3 === 1 ? LARGE : "") + n));
    const results = await store.append(batches, "accepted");
    expect(results.every((result) => result.ok && !result.duplicate)).toBe(true);
    await store.open(name, "earliest");
    const texts = (await take(store, name, 30)).flatMap(textsOf);
    expect(texts.map((text) => text.replace(LARGE, ""))).toEqual(batches.map((_, n) => String(n)));
  });

  it("stores a large batch once, and none that leaves a gap", async () => {
    const name = { address: "receiver:once", subscription: "" };
    const store = await stage.connect();
    const producer = new TestProducer(name.address);
    const [one, two, three] = [producer.batch(`${LARGE}1`), producer.batch(`${LARGE}2`), producer.batch(`${LARGE}3`)];
    const results = await store.append([one, one, three, two, one, three], "accepted");
    expect(results.map((result) => (result.ok ? result.duplicate : result.error.expectedSequence))).toEqual([
      false,
      true,
      2,
      false,
      true,
      false,
    ]);
    await store.open(name, "earliest");
    expect((await take(store, name, 3)).flatMap(textsOf).map((text) => text.at(-1))).toEqual(["1", "2", "3"]);
    expect(await store.inspect(name.address)).toMatchObject({ published: 3 });
  });

  it("reaches Redis in one call, whatever the partitions", async () => {
    const store = await stage.connect();
    // The first also asks how much memory there is.
    await store.append([new TestProducer("receiver:spread").batch("a")], "accepted");
    const batches = Array.from({ length: 20 }, (_, n) => new TestProducer(`receiver:spread-${n}`).batch("a"));
    const before = (await stage.commandCounts()).get("evalsha") ?? 0;
    expect((await store.append(batches, "accepted")).every(({ ok }) => ok)).toBe(true);
    expect((await stage.commandCounts()).get("evalsha")).toBe(before + 1);
  });

  it("answers each batch for itself when some fail", async () => {
    const store = await stage.connect();
    const broken = new Keys(stage.keyPrefix).address("receiver:broken").meta;
    await stage.driver.set(broken, "not a hash");
    const batches = ["receiver:whole-1", "receiver:broken", "receiver:whole-2"].map((address) =>
      new TestProducer(address).batch("a"),
    );
    const results = await store.append(batches, "accepted");
    expect(results.map((result) => (result.ok ? "stored" : result.error.code))).toEqual([
      "stored",
      "FAILED_PRECONDITION",
      "stored",
    ]);
  });

  it("remembers each deduplication id under its own key for the window, also beside a batch that fails", async () => {
    const store = await stage.connect({ deduplicationWindowMs: 5_000 });
    const keys = new Keys(stage.keyPrefix);
    await stage.driver.set(keys.address("receiver:spoilt").meta, "not a hash");
    const batches = ["receiver:spoilt", "receiver:fine"].map((address) => {
      const builder = new BatchBuilder({ sender: "s", address, deduplicationId: `of ${address}` });
      builder.add({ body: "a", deduplicationId: `of ${address}` }, 0);
      return builder.finish(new Uint8Array(0), 0);
    });
    const results = await store.append(batches, "accepted");
    expect(results.map(({ ok }) => ok)).toEqual([false, true]);
    const [spoilt = "", fine = ""] = batches.map(({ header }) => keys.deduplication(header));
    expect(await stage.driver.exists(spoilt)).toBe(0);
    const epoch = await stage.driver.hget(keys.address("receiver:fine").meta, "epoch");
    expect(await stage.driver.get(fine)).toBe(`${epoch} ${messageIdAt(batches[1]!.header.firstId, 0)}`);
    expect(await stage.driver.pttl(fine)).toBeGreaterThan(4_000);
  });

  it("remembers a producer for an hour after its last batch", async () => {
    const store = await stage.connect();
    const batch = new TestProducer("receiver:memory").batch("a");
    await store.append([batch], "accepted");
    const key = new Keys(stage.keyPrefix).producer("receiver:memory", batch.header.producerId);
    expect(await stage.driver.get(key)).toBe("1");
    expect(await stage.driver.ttl(key)).toBeGreaterThan(3_590);
  });

  it("begins anew with producers when an address has lost its history, even if not all of it is gone", async () => {
    const store = await stage.connect();
    const producer = new TestProducer("receiver:partly");
    const [one, two] = [producer.batch("1"), producer.batch("2")];
    await store.append([one], "accepted");
    const { stream, meta } = new Keys(stage.keyPrefix).address("receiver:partly");
    await stage.driver.del(stream, meta);
    const results = await store.append([one, two], "accepted");
    expect(results).toMatchObject([
      { ok: true, duplicate: false },
      { ok: true, duplicate: false },
    ]);
  });

  it("lets a topic's entries go when their time is over, read or not, and a receiver's never", async () => {
    const store = await stage.connect({ topicRetentionMs: 1 });
    const keys = new Keys(stage.keyPrefix);
    const [topic, receiver] = [new TestProducer("topic:news"), new TestProducer("receiver:news")];
    let appended = 0;
    await waitFor(async () => {
      await store.append([topic.batch("y".repeat(5_000)), receiver.batch("y".repeat(5_000))], "accepted");
      appended++;
      return (await stage.driver.xlen(keys.address("topic:news").stream)) < appended;
    });
    expect(await stage.driver.xlen(keys.address("receiver:news").stream)).toBe(appended);
  });

  it("lists an address in its partition when it is first used", async () => {
    const store = await stage.connect();
    await store.append([new TestProducer("receiver:listed").batch("a")], "accepted");
    const { addresses } = new Keys(stage.keyPrefix).subscription({ address: "receiver:listed", subscription: "" });
    expect(await stage.driver.smembers(addresses)).toContain("receiver:listed");
  });

  it.skipIf(process.env["REDIS_URL"])("refuses a durability it does not give, and stores nothing", async () => {
    const store = await stage.connect();
    const batch = new TestProducer("receiver:durable").batch("a");
    await expect(store.append([batch], "replicated")).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await expect(store.append([batch], "fsynced")).rejects.toMatchObject({ code: "FAILED_PRECONDITION" });
    expect(await store.inspect("receiver:durable")).toBeUndefined();
  });
});

describe.skipIf(process.env["REDIS_URL"])("a Redis whose memory is used up", () => {
  it("refuses small and large batches alike, changes nothing, and keeps instances alive", async () => {
    await using full = await RedisStage.start();
    const store = await full.connect({ livenessMs: 300 });
    const producer = new TestProducer();
    await store.append([producer.batch("before")], "accepted");
    await full.driver.config("SET", "maxmemory", "1");
    const [small, large] = [producer.batch("small"), producer.batch(LARGE)];
    for (const batch of [small, large]) {
      const [result] = await store.append([batch], "accepted");
      expect(result).toMatchObject({ ok: false, error: { code: "RESOURCE_EXHAUSTED", retryable: true } });
    }
    // Others would take its entries if its sign of life ran out.
    const [sign = ""] = await full.driver.keys("*instance*");
    const before = await full.driver.pexpiretime(sign);
    await waitFor(async () => (await full.driver.pexpiretime(sign)) > before);
    await full.driver.config("SET", "maxmemory", "0");
    expect(await store.append([small, large], "accepted")).toMatchObject([{ duplicate: false }, { duplicate: false }]);
  });

  it("refuses before memory is used up, with what is left for settling, and says how much is in use", async () => {
    await using full = await RedisStage.start();
    const store = await full.connect();
    const producer = new TestProducer();
    // Beside it, what connections use does not matter.
    await full.driver.set("something-else", "x".repeat(20_000_000));
    const used = Number(/used_memory:(\d+)/.exec(await full.driver.info("memory"))?.[1]);
    await full.driver.config("SET", "maxmemory", String(Math.round(used * 1.03)));
    const next = () => store.append([producer.batch("small")], "accepted");
    const refused = await waitFor(async () => (await next()).find((result) => !result.ok));
    expect(refused).toMatchObject({ error: { code: "RESOURCE_EXHAUSTED" } });
    expect(refused).toMatchObject({ error: { message: expect.stringMatching(/uses \d+ of \d+ bytes.* 95 %/) } });
    const other = new TestProducer("receiver:other").batch("a");
    expect(await store.append([other], "accepted")).toMatchObject([{ ok: false }]);
    await full.driver.config("SET", "maxmemory", "0");
    await waitFor(async () => (await store.append([other], "accepted"))[0]?.ok);
  });
});
