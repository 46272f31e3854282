import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Store, SubscriptionName } from "@chappe/broker";
import { BatchBuilder } from "@chappe/message";
import { type RedisFixture, redisNamespace, startRedis, waitFor } from "@chappe/testing";
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { RedisStage } from "./fixtures/redis-stage.ts";
import { Remembered } from "./fixtures/remembered.ts";
import { connected, QUEUE, removal, take, TestProducer, textsOf } from "./fixtures/store-traffic.ts";
import { Keys } from "./keys.ts";

let stage: RedisStage;
beforeEach(async () => {
  stage = await RedisStage.start({ appendonly: "always" });
});
afterEach(() => stage[Symbol.asyncDispose]());

/** What a claim finds: texts, with "?" where they may have been handed out before. */
async function claimed(store: Store, name: SubscriptionName): Promise<string[]> {
  return marked(await store.claim(name, 100));
}

function marked(entries: Awaited<ReturnType<Store["claim"]>>): string[] {
  return entries.flatMap((entry) => textsOf(entry).map((text) => (entry.redelivered ? `${text}?` : text)));
}

/** Resolves when a store has seen that Redis was away, and works again. */
async function back(store: Store): Promise<void> {
  await waitFor(() => stage.events.some(({ kind }) => kind === "disconnected"));
  await connected(store);
}

/** Takes Redis back to a moment, and resolves when a store works again. */
async function takenBack(moment: Remembered, store: Store): Promise<void> {
  await moment.comeBack();
  await back(store);
}

describe.skipIf(process.env["REDIS_URL"])("after a restart that lost what was claimed last", () => {
  it("what was there already comes again flagged, what comes then does not", async () => {
    const store = await stage.connect();
    const producer = new TestProducer();
    await store.open(QUEUE, "earliest");
    await store.append([producer.batch("a"), producer.batch("b")], "accepted");
    const moment = new Remembered(stage.redis);
    expect(await claimed(store, QUEUE)).toEqual(["a", "b"]);
    await takenBack(moment, store);
    await store.sweep(QUEUE, 0);
    await store.append([producer.batch("c")], "accepted");
    expect(await claimed(store, QUEUE)).toEqual(["a?", "b?", "c"]);
  });

  it("a claim looks before it hands out anything, however early it comes", async () => {
    const store = await stage.connect();
    await store.open(QUEUE, "earliest");
    await store.append([new TestProducer().batch("a")], "accepted");
    const moment = new Remembered(stage.redis);
    expect(await claimed(store, QUEUE)).toEqual(["a"]);
    await takenBack(moment, store);
    expect(await claimed(store, QUEUE)).toEqual(["a?"]);
  });

  it("instances know that never saw the Redis before, whether they come first or later", async () => {
    const [before, producer] = [await stage.connect(), new TestProducer()];
    await before.open(QUEUE, "earliest");
    await before.append([producer.batch("a"), producer.batch("b")], "accepted");
    const moment = new Remembered(stage.redis);
    expect(await claimed(before, QUEUE)).toEqual(["a", "b"]);
    await before.close();
    await moment.comeBack();
    const [first, later] = [await stage.connect(), await stage.connect()];
    await first.open(QUEUE, "earliest");
    expect(marked(await first.claim(QUEUE, 1))).toEqual(["a?"]);
    await later.open(QUEUE, "earliest");
    expect(await claimed(later, QUEUE)).toEqual(["b?"]);
  });

  it("delayed messages that had joined the others come again flagged", async () => {
    const store = await stage.connect();
    await store.open(QUEUE, "earliest");
    const deliverAtMs = Date.now() + 200;
    const builder = new BatchBuilder({ sender: "sender-01", address: QUEUE.address, deliverAtMs });
    builder.add({ body: "due", deliverAt: deliverAtMs }, Date.now());
    await store.append([builder.finish(new Uint8Array(0), 0)], "accepted");
    const moment = new Remembered(stage.redis);
    expect(marked(await take(store, QUEUE, 1))).toEqual(["due"]);
    await takenBack(moment, store);
    expect(await claimed(store, QUEUE)).toEqual(["due?"]);
  });

  it("what was put back from the dead letters comes again flagged", async () => {
    const store = await stage.connect();
    await store.open(QUEUE, "earliest");
    await store.append([new TestProducer().batch("revived")], "accepted");
    const [entry] = await take(store, QUEUE, 1);
    const { headerBytes, records, count, first } = entry!;
    const deadLetters = [{ headerBytes, records, count, first, attempts: 5, reason: "too often" }];
    await store.settle(QUEUE, [removal(entry!, { ackedMessages: 0, deadLetters })]);
    await store.administration.redrive(QUEUE, {}, undefined);
    const moment = new Remembered(stage.redis);
    expect(marked(await take(store, QUEUE, 1))).toEqual(["revived"]);
    await takenBack(moment, store);
    expect(await claimed(store, QUEUE)).toEqual(["revived?"]);
  });

  it("what went over to another instance, for its ordering key, comes again flagged", async () => {
    const [one, two] = [await stage.connect(), await stage.connect()];
    const producer = new TestProducer();
    await one.open(QUEUE, "earliest");
    await one.append([producer.ordered("key", "1"), producer.ordered("key", "2")], "accepted");
    const [first] = await one.claim(QUEUE, 1);
    const [second] = await two.claim(QUEUE, 1);
    expect(await two.turns(QUEUE, [{ ref: second!.ref, after: first!.ref }])).toEqual(["moved"]);
    const moment = new Remembered(stage.redis);
    expect(marked((await one.sweep(QUEUE, 10)).entries)).toEqual(["2"]);
    await takenBack(moment, one);
    expect(await claimed(one, QUEUE)).toEqual(["2?"]);
  });

  it("all that is there is flagged where nobody noted which Redis served", async () => {
    const store = await stage.connect();
    await store.open(QUEUE, "earliest");
    await store.append([new TestProducer().batch("a")], "accepted");
    await stage.driver.hdel(new Keys(stage.keyPrefix).address(QUEUE.address).meta, "server");
    const later = await stage.connect();
    await later.open(QUEUE, "earliest");
    expect(await claimed(later, QUEUE)).toEqual(["a?"]);
  });

  it("a Redis that was a replica in between counts as another", async () => {
    const store = await stage.connect();
    await store.open(QUEUE, "earliest");
    await store.append([new TestProducer().batch("a")], "accepted");
    await stage.driver.call("REPLICAOF", "127.0.0.1", "1");
    await stage.driver.call("REPLICAOF", "NO", "ONE");
    const later = await stage.connect();
    await later.open(QUEUE, "earliest");
    expect(await claimed(later, QUEUE)).toEqual(["a?"]);
  });

  it("so does one that was the primary all along, while an instance was at another", async () => {
    const first = await startRedis({ tcp: true, settings: { "repl-diskless-sync-delay": "0" } });
    onTestFinished(() => first.stop());
    const second = await startRedis({ replicaOf: first });
    onTestFinished(() => second.stop());
    const order = new Redis(second.url);
    onTestFinished(() => order.disconnect());
    // What the store connects to is a name for one or the other.
    const folder = mkdtempSync(join(tmpdir(), "chappe-succession-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const url = join(folder, "redis.sock");
    symlinkSync(first.socketPath ?? "", url);
    const store = await stage.connect({ url });
    await store.open(QUEUE, "earliest");
    const message = new TestProducer().batch("a");
    await waitFor(async () => (await store.append([message], "replicated"))[0]?.ok);
    await order.call("REPLICAOF", "NO", "ONE");
    const moveTo = async (redis: RedisFixture, from: RedisFixture) => {
      stage.events.length = 0;
      rmSync(url);
      symlinkSync(redis.socketPath ?? "", url);
      const driver = new Redis(from.url);
      await driver.call("CLIENT", "KILL", "TYPE", "normal");
      driver.disconnect();
      await back(store);
    };
    await moveTo(second, first);
    expect(await claimed(store, QUEUE)).toEqual(["a?"]);
    await moveTo(first, second);
    expect(await claimed(store, QUEUE)).toEqual(["a?"]);
  }, 30_000);

  it("a subscription that was lost as well comes again flagged", async () => {
    const store = await stage.connect();
    await store.append([new TestProducer().batch("a")], "accepted");
    const moment = new Remembered(stage.redis);
    await store.open(QUEUE, "earliest");
    expect(await claimed(store, QUEUE)).toEqual(["a"]);
    await takenBack(moment, store);
    expect(await claimed(store, QUEUE)).toEqual(["a?"]);
  });
});

describe.skipIf(process.env["REDIS_URL"])("after a restart that lost what was given back last", () => {
  it.each([
    ["a receiver", QUEUE],
    ["a topic", { address: "topic:news", subscription: "billing" }],
  ])("others have it, flagged, though the one that left %s lives on and never comes again", async (_, name) => {
    const one = await stage.connect();
    await one.open(name, "earliest");
    await one.append([new TestProducer(name.address).batch("a", "b")], "accepted");
    const [entry] = await take(one, name, 1);
    const moment = new Remembered(stage.redis);
    await one.settle(name, [removal(entry!, { action: "return", ackedMessages: 0, ackedBytes: 0 })]);
    await one.leave(name);
    await takenBack(moment, one);
    const other = await stage.connect();
    await other.open(name, "earliest");
    const found: string[] = [];
    await waitFor(async () => {
      found.push(...marked((await other.sweep(name, 10)).entries));
      return found.length > 0;
    });
    expect(found).toEqual(["a?", "b?"]);
  });

  it("what is open again stays in the hands of its consumers", async () => {
    const gone = { address: "receiver:gone", subscription: "" };
    const store = await stage.connect();
    for (const name of [QUEUE, gone]) {
      await store.open(name, "earliest");
      await store.append([new TestProducer(name.address).batch("a")], "accepted");
    }
    await store.leave(QUEUE);
    await store.open(QUEUE, "earliest");
    const [held] = await take(store, QUEUE, 1);
    const [left] = await take(store, gone, 1);
    const moment = new Remembered(stage.redis);
    await store.settle(gone, [removal(left!, { action: "return", ackedMessages: 0, ackedBytes: 0 })]);
    await store.leave(gone);
    await takenBack(moment, store);
    const other = await stage.connect();
    for (const name of [QUEUE, gone]) await other.open(name, "earliest");
    await waitFor(async () => (await other.sweep(gone, 10)).entries.length === 1);
    expect((await other.sweep(QUEUE, 10)).entries).toEqual([]);
    expect(await store.settle(QUEUE, [removal(held!)])).toEqual([]);
  });
});

describe.skipIf(process.env["REDIS_URL"])("nothing is flagged", () => {
  const topic = (subscription: string) => ({ address: "topic:news", subscription });

  it("that was published before anybody read", async () => {
    const store = await stage.connect();
    await store.append([new TestProducer().batch("a")], "accepted");
    await store.open(QUEUE, "earliest");
    expect(await claimed(store, QUEUE)).toEqual(["a"]);
    expect(await stage.driver.hexists(new Keys(stage.keyPrefix).address(QUEUE.address).meta, "unsureMs")).toBe(0);
  });

  it("after a connection to the same Redis was made anew", async () => {
    const store = await stage.connect();
    await store.open(QUEUE, "earliest");
    await store.append([new TestProducer().batch("a")], "accepted");
    await store.sweep(QUEUE, 0);
    await stage.driver.call("CLIENT", "KILL", "TYPE", "normal");
    await back(store);
    expect(await claimed(store, QUEUE)).toEqual(["a"]);
  });

  it("of a subscription that is opened, or moved, after Redis was another one", async () => {
    const store = await stage.connect();
    await store.open(topic("old"), "earliest");
    await store.append([new TestProducer("topic:news").batch("a")], "accepted");
    await takenBack(new Remembered(stage.redis), store);
    await store.open(topic("new"), "earliest");
    expect(await claimed(store, topic("new"))).toEqual(["a"]);
    expect(await claimed(store, topic("old"))).toEqual(["a?"]);
    // By an instance that has not looked at the one that serves now.
    await new Remembered(stage.redis).comeBack();
    const operator = await stage.connect();
    await operator.seek(topic("old"), "earliest");
    const reader = await stage.connect();
    await reader.open(topic("old"), "earliest");
    expect(await claimed(reader, topic("old"))).toEqual(["a"]);
  });

  it("where Redis does not say who it is", async () => {
    // The driver says so as well.
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    onTestFinished(() => warn.mockRestore());
    await stage.driver.call("ACL", "SETUSER", "blind", "on", ">any", "~*", "&*", "+@all", "-info");
    const store = await stage.connect({ username: "blind", password: "any", keyPrefix: redisNamespace() });
    await store.open(QUEUE, "earliest");
    await store.append([new TestProducer().batch("a")], "accepted");
    expect(await claimed(store, QUEUE)).toEqual(["a"]);
  });
});

describe.skipIf(process.env["REDIS_URL"])("an address that is not there", () => {
  it("is not made by looking at it", async () => {
    const store = await stage.connect();
    const name = { address: "topic:nobody", subscription: "none" };
    await expect(store.seek(name, "earliest")).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await stage.driver.exists(new Keys(stage.keyPrefix).address(name.address).meta)).toBe(0);
  });
});
