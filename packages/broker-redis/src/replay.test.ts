import { decodeBatchHeader, messageIdAt } from "@chappe/message";
import { waitFor } from "@chappe/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RedisStage } from "./fixtures/redis-stage.ts";
import { removal, take, TestProducer, textsOf } from "./fixtures/store-traffic.ts";
import { Keys } from "./keys.ts";

let stage: RedisStage;
beforeAll(async () => {
  stage = await RedisStage.start();
});
afterAll(() => stage[Symbol.asyncDispose]());

const idOf = (headerBytes: Uint8Array) => messageIdAt(decodeBatchHeader(headerBytes).firstId, 0);

describe.skipIf(process.env["REDIS_URL"])("reading again", () => {
  it("counts what lies ahead from the next mark on, which a look at the topic's retention leaves", async () => {
    const name = { address: "topic:marked", subscription: "billing" };
    const { marks } = new Keys(stage.keyPrefix).address(name.address);
    // Looked at after 64 bytes.
    const store = await stage.connect({ topicRetentionBytes: 4_096 });
    await store.open(name, "latest");
    const producer = new TestProducer(name.address);
    const batches = Array.from({ length: 6 }, (_, n) => producer.batch(`${n}a${"x".repeat(100)}`, `${n}b`));
    for (const batch of batches) {
      const before = await stage.driver.zcard(marks);
      await store.append([batch], "accepted");
      await waitFor(async () => (await stage.driver.zcard(marks)) > before);
    }
    // Of the last mark on, the entries are not read: it may as well say something else.
    const [last = ""] = await stage.driver.zrange(marks, "-1", "-1");
    const [id, published, epoch] = last.split(" ");
    await stage.driver.zrem(marks, last);
    await stage.driver.zadd(marks, id!.split("-")[0]!, `${id} ${Number(published) - 5} ${epoch}`);
    const depthFrom = async (batch: (typeof batches)[number]) => {
      const messageId = idOf(batch.headerBytes);
      await store.seek(name, { messageId });
      return (await store.inspect(name.address))?.subscriptions[0]?.depth;
    };
    expect(await depthFrom(batches[1]!)).toBe(10);
    expect(await depthFrom(batches[5]!)).toBe(2 + 5);
  });

  it("gives an instance nothing anew before its look-round has told it that the subscription was moved", async () => {
    const name = { address: "topic:moved", subscription: "billing" };
    const [here, there] = [await stage.connect(), await stage.connect()];
    await there.open(name, "latest");
    await there.sweep(name, 0);
    let wakes = 0;
    const unwatch = there.watch(name.address, () => wakes++);
    await here.append([new TestProducer(name.address).batch("1", "2")], "accepted");
    const [held] = await waitFor(async () => {
      const entries = await there.claim(name, 10);
      return entries.length > 0 ? entries : undefined;
    });
    await there.settle(name, [
      removal(held!, { action: "keep", settled: [{ from: 0, to: 1 }], ackedMessages: 1, ackedBytes: 1 }),
    ]);
    wakes = 0;
    await here.seek(name, "earliest");
    await waitFor(() => wakes > 0);
    await expect(there.claim(name, 10)).rejects.toMatchObject({ code: "UNAVAILABLE" });
    // What it held is nobody's any more.
    expect(await there.settle(name, [removal(held!)])).toEqual([held!.ref]);
    expect((await there.sweep(name, 10)).moves).toBe(1);
    const again = await take(there, name, 1);
    expect(again).toMatchObject([{ attempt: 1, redelivered: false, settled: [] }]);
    expect(again.flatMap(textsOf)).toEqual(["1", "2"]);
    unwatch();
  });

  it("answers all that an instance owns after a move, and again when it is refused what it claimed before", async () => {
    const name = { address: "topic:doubted", subscription: "billing" };
    const [here, there] = [await stage.connect(), await stage.connect()];
    await there.open(name, "latest");
    await there.sweep(name, 0);
    const producer = new TestProducer(name.address);
    await here.append([producer.ordered("red", "1"), producer.ordered("red", "2")], "accepted");
    const [first, second] = await there.claim(name, 10);
    await here.seek(name, "earliest");
    // It has heard of nothing.
    expect((await there.claim(name, 10)).flatMap(textsOf)).toEqual(["1", "2"]);
    const owned = async () => (await there.sweep(name, 10)).entries.flatMap(textsOf);
    expect((await there.sweep(name, 10)).moves).toBe(1);
    expect(await owned()).toEqual(["1", "2"]);
    expect(await owned()).toEqual([]);
    for (const refused of [
      () => there.settle(name, [removal(first!)]),
      () => there.settle(name, [removal(first!, { action: "return", ackedMessages: 0 })]),
    ]) {
      expect(await refused()).toEqual([first!.ref]);
      expect(await owned()).toEqual(["1", "2"]);
    }
    expect(await there.turns(name, [{ ref: second!.ref, after: first!.ref }])).toEqual(["moved"]);
    expect(await owned()).toEqual(["1", "2"]);
  });

  it("counts by no mark of a history that is lost", async () => {
    const name = { address: "topic:lost", subscription: "billing" };
    const { stream, marks } = new Keys(stage.keyPrefix).address(name.address);
    const store = await stage.connect();
    await store.open(name, "latest");
    const producer = new TestProducer(name.address);
    const batches = [producer.batch("1"), producer.batch("2")];
    await store.append(batches, "accepted");
    const [[id] = [""]] = await stage.driver.xrevrange(stream, "+", "-", "COUNT", 1);
    // It sorts before any of this history's.
    await stage.driver.zadd(marks, id.split("-")[0]!, `${id} 1000 another`);
    await store.seek(name, { messageId: idOf(batches[1]!.headerBytes) });
    expect((await store.inspect(name.address))?.subscriptions).toMatchObject([{ depth: 1 }]);
    expect((await take(store, name, 1)).flatMap(textsOf)).toEqual(["2"]);
  });

  it("passes over what something else wrote, when it looks for a message", async () => {
    const name = { address: "topic:foreign", subscription: "billing" };
    const { stream } = new Keys(stage.keyPrefix).address(name.address);
    const store = await stage.connect();
    await store.open(name, "latest");
    await stage.driver.xadd(stream, "*", "b", "short");
    await stage.driver.xadd(stream, "*", "b", "x".repeat(100));
    const batch = new TestProducer(name.address).batch("found");
    await store.append([batch], "accepted");
    await store.seek(name, { messageId: idOf(batch.headerBytes) });
    expect((await take(store, name, 1)).flatMap(textsOf)).toEqual(["found"]);
  });
});
