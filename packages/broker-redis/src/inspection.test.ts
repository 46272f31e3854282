import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RedisStage } from "./fixtures/redis-stage.ts";
import { removal, take, TestProducer } from "./fixtures/store-traffic.ts";
import { Keys } from "./keys.ts";

let stage: RedisStage;
let keys: Keys;
beforeAll(async () => {
  stage = await RedisStage.start();
  keys = new Keys(stage.keyPrefix);
});
afterAll(() => stage[Symbol.asyncDispose]());

describe.skipIf(process.env["REDIS_URL"])("inspection", () => {
  it("shows a receiver whom nobody has read yet", async () => {
    const store = await stage.connect();
    await store.append([new TestProducer("receiver:unread").batch("a", "b")], "accepted");
    expect(await store.inspect("receiver:unread")).toMatchObject({
      published: 2,
      subscriptions: [{ subscription: "", depth: 2, acked: 0, retried: 0, dead: 0 }],
    });
  });

  it("counts a topic's new subscription from where it begins", async () => {
    const address = "topic:begin";
    const store = await stage.connect();
    const producer = new TestProducer(address);
    await store.append([producer.batch("a", "b"), producer.batch("c")], "accepted");
    await store.open({ address, subscription: "all" }, "earliest");
    await store.open({ address, subscription: "next" }, "latest");
    await store.append([producer.batch("d")], "accepted");
    expect(await store.inspect(address)).toMatchObject({
      subscriptions: [
        { subscription: "all", depth: 4 },
        { subscription: "next", depth: 1 },
      ],
    });
  });

  it("does not count for ever what a topic trimmed away before it was read", async () => {
    const name = { address: "topic:trimmed", subscription: "billing" };
    const store = await stage.connect();
    await store.open(name, "earliest");
    const producer = new TestProducer(name.address);
    await store.append([producer.batch("lost"), producer.batch("lost")], "accepted");
    await stage.driver.xtrim(keys.subscription(name).stream, "MAXLEN", 0);
    const depth = async () => (await store.inspect(name.address))?.subscriptions[0]?.depth;
    expect(await depth()).toBe(0);
    await store.append([producer.batch("kept")], "accepted");
    const [entry] = await take(store, name, 1);
    expect(await depth()).toBeGreaterThan(0);
    await store.settle(name, [removal(entry!)]);
    expect(await depth()).toBe(0);
  });

  it("passes over what something else wrote among the dead letters", async () => {
    const name = { address: "receiver:letters", subscription: "" };
    const store = await stage.connect();
    await stage.driver.xadd(keys.subscription(name).dead, "*", "b", "short", "reason", "?");
    expect(await store.deadLetters(name, 10)).toEqual([]);
    expect(await store.deadLetters(name, 0)).toEqual([]);
  });
});
