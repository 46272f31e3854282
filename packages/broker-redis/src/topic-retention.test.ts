import { waitFor } from "@chappe/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RedisStage } from "./fixtures/redis-stage.ts";
import { removal, take, TestProducer } from "./fixtures/store-traffic.ts";
import { Keys } from "./keys.ts";

let stage: RedisStage;
beforeAll(async () => {
  stage = await RedisStage.start();
});
afterAll(() => stage[Symbol.asyncDispose]());

describe.skipIf(process.env["REDIS_URL"])("retention", () => {
  it("leaves nothing of what it dropped: no progress, no hand-over to who is gone, no mark", async () => {
    const name = { address: "topic:dropped", subscription: "billing" };
    const { stream, progress, handed, marks } = new Keys(stage.keyPrefix).subscription(name);
    const store = await stage.connect({ topicRetentionMs: 2_000 });
    await store.open(name, "earliest");
    const producer = new TestProducer(name.address);
    await store.append([producer.batch("a", "b")], "accepted");
    const [entry] = await take(store, name, 1);
    const settled = [{ from: 0, to: 1 }];
    await store.settle(name, [removal(entry!, { action: "keep", settled, ackedMessages: 1 })]);
    await stage.driver.hset(handed, entry!.ref, "gone");
    expect(await stage.driver.exists(progress, handed)).toBe(2);
    await waitFor(async () => {
      await store.append([producer.batch("later")], "accepted");
      return (await stage.driver.zcard(marks)) > 1;
    });
    await waitFor(async () => {
      await store.sweep(name, 0);
      return (await stage.driver.xlen(stream)) === 0;
    });
    expect(await stage.driver.exists(progress, handed)).toBe(0);
    expect(await stage.driver.zcard(marks)).toBe(1);
  });
});
