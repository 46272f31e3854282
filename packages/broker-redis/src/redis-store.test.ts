import { isInspectable } from "@chappe/broker";
import { waitFor } from "@chappe/testing";
import calculateSlot from "cluster-key-slot";
import { describe, expect, it } from "vitest";
import { RedisStage } from "./fixtures/redis-stage.ts";
import { connected, QUEUE, removal, take, TestProducer, textsOf } from "./fixtures/store-traffic.ts";

describe.skipIf(process.env["REDIS_URL"])("a Redis store", () => {
  it("has everything it acknowledged after Redis was killed, when Redis logs its writes", async () => {
    await using stage = await RedisStage.start({ appendonly: "everysec" });
    const store = await stage.connect();
    await store.open(QUEUE, "earliest");
    const producer = new TestProducer();
    const acknowledged: string[] = [];
    let killed: Promise<void> | undefined;
    for (let n = 0; n < 10_000; n++) {
      const text = `${n % 5 === 0 ? "x".repeat(9_000) : ""}${n}`;
      const results = await store.append([producer.batch(text)], "accepted").catch(() => []);
      if (results[0]?.ok !== true) break;
      acknowledged.push(text);
      if (n === 500) killed = stage.redis.kill();
    }
    await killed;
    await stage.redis.restart();
    await connected(store);
    const texts = (await take(store, QUEUE, acknowledged.length)).flatMap(textsOf);
    expect(acknowledged.length).toBeGreaterThan(500);
    // Redis may have one more, whose answer was lost.
    expect(texts.slice(0, acknowledged.length)).toEqual(acknowledged);
    expect(stage.events.map(({ kind }) => kind)).not.toContain("epoch-changed");
  });

  it("goes on with a new epoch after Redis came back empty", async () => {
    await using stage = await RedisStage.start();
    const store = await stage.connect();
    const { epoch: before } = await store.open(QUEUE, "earliest");
    await store.append([new TestProducer().batch("lost")], "accepted");
    await stage.redis.restart();
    await connected(store);
    await expect(store.claim(QUEUE, 10)).rejects.toMatchObject({ code: "UNAVAILABLE" });
    const { epoch } = await store.sweep(QUEUE, 10);
    expect(epoch).not.toBe(before);
    const [result] = await store.append([new TestProducer().batch("after")], "accepted");
    expect(result).toMatchObject({ ok: true, epoch });
    expect((await take(store, QUEUE, 1)).flatMap(textsOf)).toEqual(["after"]);
    const kinds = stage.events.map(({ kind }) => kind).filter((kind) => !kind.endsWith("waking"));
    expect(kinds).toEqual(["connected", "disconnected", "connected", "epoch-changed"]);
  });

  it("refuses at once while Redis is out of reach, from the start too, and works when it is there", async () => {
    await using stage = await RedisStage.start();
    await stage.redis.kill();
    const store = stage.store();
    const calls = [
      () => store.append([new TestProducer().batch("a")], "accepted"),
      () => store.open(QUEUE, "earliest"),
      () => store.claim(QUEUE, 1),
      () => store.sweep(QUEUE, 1),
      () => store.settle(QUEUE, []).then(() => store.ping()),
      () => store.inspect(QUEUE.address),
      () => store.deadLetters(QUEUE, 1),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: "UNAVAILABLE", retryable: true });
    await stage.redis.restart();
    await connected(store);
    for (const call of calls) await call();
  });

  it("sends no command that blocks, and each script keeps to one slot", async () => {
    await using stage = await RedisStage.start();
    // What others ask before the driver knows that it monitors, it takes for an answer of its own.
    await stage.driver.ping();
    const monitor = await stage.driver.monitor();
    const commands: string[][] = [];
    monitor.on("monitor", (_time: string, args: string[], source: string) => {
      if (source !== "lua") commands.push(args);
    });
    const store = await stage.connect();
    for (const address of ["receiver:ada", "topic:orders"]) {
      const name = { address, subscription: address.startsWith("topic") ? "billing" : "" };
      store.watch(address, () => {});
      await store.open(name, "earliest");
      const producer = new TestProducer(address);
      await store.append([producer.batch("a", "b"), producer.batch("x".repeat(9_000))], "accepted");
      const [small, large] = await take(store, name, 2);
      const { headerBytes, records, count, first } = large!;
      const part = { headerBytes, records, count, first };
      await store.settle(name, [
        removal(small!, { deadLetters: [{ ...part, attempts: 1, reason: "Grüße" }] }),
        removal(large!, { retries: [{ ...part, attempt: 2, crashes: 0, redriven: false, delayMs: 0 }] }),
      ]);
      await take(store, name, 1);
      await store.inspect(address);
      expect(await store.deadLetters(name, 1)).toMatchObject([{ reason: "Grüße", attempts: 1 }]);
    }
    await store.close();
    await waitFor(() => commands.some(([name]) => name === "DEL"));
    monitor.disconnect();

    const names = new Set(commands.map(([name]) => name!.toUpperCase()));
    expect([...names].filter((name) => /^(B[LRZ]|WAIT)/.test(name))).toEqual([]);
    expect(commands.filter((args) => args.includes("BLOCK"))).toEqual([]);
    const scripts = commands.filter(([name]) => name === "EVAL" || name === "EVALSHA");
    expect(scripts.length).toBeGreaterThan(10);
    for (const [, , count, ...rest] of scripts) {
      const keys = rest.slice(0, Number(count));
      expect(keys.length).toBeGreaterThan(0);
      expect(new Set(keys.map((key) => calculateSlot(key))).size, keys.join(" ")).toBe(1);
    }
  });

  it("leaves nothing behind when it closes: no sign of life, no owner, no connection", async () => {
    await using stage = await RedisStage.start();
    const [store, heir] = [await stage.connect({ instance: "leaver" }), await stage.connect()];
    await store.open(QUEUE, "earliest");
    await store.append([new TestProducer().batch("a")], "accepted");
    await take(store, QUEUE, 1);
    await Promise.all([store.close(), store.close()]);
    expect(await stage.driver.keys("*:instance:*")).toHaveLength(1);
    expect(await heir.claim(QUEUE, 1)).toMatchObject([{ redelivered: true }]);
    await waitFor(async () => !String(await stage.driver.call("CLIENT", "LIST")).includes("leaver"));
    const closed = { code: "UNAVAILABLE", message: "the store is closed" };
    await expect(store.ping()).rejects.toMatchObject(closed);
    await expect(store.append([new TestProducer().batch("b")], "accepted")).rejects.toMatchObject(closed);
    store.watch("receiver:any", () => {})();
  });

  it("closes also without Redis", async () => {
    await using stage = await RedisStage.start();
    const store = await stage.connect();
    await store.open(QUEUE, "earliest");
    await stage.redis.kill();
    await store.close();
    await expect(store.ping()).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });

  it("can be inspected", async () => {
    await using stage = await RedisStage.start();
    expect(isInspectable(stage.store())).toBe(true);
  });
});
