import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RedisStage } from "./fixtures/redis-stage.ts";
import { removal, take, TestProducer } from "./fixtures/store-traffic.ts";
import { Keys } from "./keys.ts";
import { packEntry } from "./stored-entry.ts";

let stage: RedisStage;
let keys: Keys;
beforeAll(async () => {
  stage = await RedisStage.start();
  keys = new Keys(stage.keyPrefix);
});
afterAll(() => stage[Symbol.asyncDispose]());

const INVALID = { code: "INVALID_ARGUMENT", message: expect.stringContaining("no answer of this store gave it") };

describe("administration", () => {
  it("refuses a page that no answer gave", async () => {
    const { administration } = await stage.connect();
    const name = { address: "receiver:pages", subscription: "" };
    for (const after of ["", "?", "1-1", "300:receiver:a", "1-1/x"]) {
      await expect(administration.listAddresses("", { after, limit: 1 })).rejects.toMatchObject(INVALID);
      await expect(administration.redrive(name, {}, after)).rejects.toMatchObject(INVALID);
    }
    for (const after of ["", "?", "1-1/x"]) {
      await expect(administration.listDeadLetters(name, { after, limit: 1 })).rejects.toMatchObject(INVALID);
      await expect(administration.purge(name, after)).rejects.toMatchObject(INVALID);
    }
  });

  it("moves no more than a mebibyte and one letter in a step, and shows no more than four and one on a page", async () => {
    const name = { address: "receiver:large", subscription: "" };
    const store = await stage.connect();
    await store.open(name, "earliest");
    const batch = new TestProducer(name.address).batch("x".repeat(600_000));
    const letter = {
      headerBytes: batch.headerBytes,
      records: batch.records,
      count: 1,
      first: 0,
      attempt: 5,
      crashes: 0,
      redriven: false,
    };
    const { dead } = keys.subscription(name);
    for (let number = 0; number < 10; number++) {
      await stage.driver.xadd(dead, "*", "b", Buffer.concat(packEntry(letter)), "reason", "large");
    }
    const { items, next } = await store.administration.listDeadLetters(name, { after: undefined, limit: 100 });
    expect(items).toHaveLength(7);
    const rest = await store.administration.listDeadLetters(name, { after: next, limit: 100 });
    expect(rest).toMatchObject({ items: { length: 3 }, next: undefined });
    const step = await store.administration.redrive(name, {}, undefined);
    expect(step).toEqual({ messages: 2, next: expect.stringMatching(/./) });
    const [entry] = await take(store, name, 2);
    expect(entry).toMatchObject({ attempt: 1, redelivered: false });
  });

  it("deletes what something else wrote among the dead letters, but hands it to nobody", async () => {
    const name = { address: "receiver:foreign", subscription: "" };
    const store = await stage.connect();
    await store.open(name, "earliest");
    await stage.driver.xadd(keys.subscription(name).dead, "*", "b", "short", "reason", "?");
    expect(await store.administration.redrive(name, {}, undefined)).toEqual({ messages: 0, next: undefined });
    expect(await store.administration.purgeDeadLetters(name, {}, undefined)).toEqual({ messages: 1, next: undefined });
    expect(await stage.driver.xlen(keys.subscription(name).dead)).toBe(0);
  });

  it("leaves nothing of what was purged, progress included", async () => {
    const name = { address: "receiver:purged", subscription: "" };
    const store = await stage.connect();
    await store.open(name, "earliest");
    await store.append([new TestProducer(name.address).batch("a", "b")], "accepted");
    const [entry] = await take(store, name, 1);
    const settled = [{ from: 0, to: 1 }];
    await store.settle(name, [removal(entry!, { action: "return", settled, ackedMessages: 1 })]);
    const { stream, progress } = keys.subscription(name);
    expect(await stage.driver.hlen(progress)).toBe(1);
    expect(await store.administration.purge(name, undefined)).toEqual({ messages: 1, next: undefined });
    expect(await stage.driver.exists(progress)).toBe(0);
    expect(await stage.driver.xlen(stream)).toBe(0);
  });

  it("leaves nothing of a deleted subscription, nor how often it was moved", async () => {
    const name = { address: "topic:unread", subscription: "billing" };
    const store = await stage.connect();
    await store.open(name, "earliest");
    await store.append([new TestProducer(name.address).batch("a")], "accepted");
    await store.seek(name, "latest");
    const { meta } = keys.subscription(name);
    expect(await stage.driver.hget(meta, "sought:billing")).toBe("1");
    await store.administration.deleteSubscription(name, { force: false });
    expect(await stage.driver.hget(meta, "sought:billing")).toBeNull();
    expect(await stage.driver.keys(`${stage.keyPrefix}:*${name.address}/billing`)).toEqual([]);
  });

  it("leaves no key of a deleted address but its producers', which expire", async () => {
    const name = { address: "topic:deleted", subscription: "billing" };
    const store = await stage.connect();
    await store.open(name, "earliest");
    const producer = new TestProducer(name.address);
    await store.append([producer.batch("a", "b"), producer.ordered("red", "c")], "accepted");
    const [entry] = await take(store, name, 1);
    await store.settle(name, [removal(entry!)]);
    await store.administration.deleteAddress(name.address, { force: true });
    const left = await stage.driver.keys(`${stage.keyPrefix}:*${name.address}*`);
    expect(left).toEqual([expect.stringContaining(":producer:")]);
    expect(await stage.driver.ttl(left[0]!)).toBeGreaterThan(0);
  });
});
