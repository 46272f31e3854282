import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RedisStage } from "./fixtures/redis-stage.ts";
import { TestProducer, textsOf } from "./fixtures/store-traffic.ts";
import { Keys } from "./keys.ts";

let stage: RedisStage;
beforeAll(async () => {
  stage = await RedisStage.start();
});
afterAll(() => stage[Symbol.asyncDispose]());

const queues = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, n) => ({ address: `receiver:${prefix}-${n}`, subscription: "" }));

/** A store with these receivers, and for each as many batches as told, one message each: "<receiver>.<batch>". */
async function filled(prefix: string, batches: readonly number[]) {
  const store = await stage.connect();
  const names = queues(prefix, batches.length);
  for (const [n, name] of names.entries()) {
    await store.open(name, "earliest");
    const producer = new TestProducer(name.address);
    await store.append(
      Array.from({ length: batches[n]! }, (_, batch) => producer.batch(`${n}.${batch}`)),
      "accepted",
    );
    // So that claims have nothing to look for but what is new.
    await store.sweep(name, 1);
  }
  const claimAll = async (limit: number) => {
    const claims = await Promise.allSettled(names.map((name) => store.claim(name, limit)));
    return claims.map((claim) =>
      claim.status === "fulfilled" ? claim.value.flatMap(textsOf) : (claim.reason as { code: string }).code,
    );
  };
  return { store, names, claimAll };
}

describe.skipIf(process.env["REDIS_URL"])("claims of one turn", () => {
  it("look into the streams of many receivers with one command", async () => {
    const { claimAll } = await filled("together", [1, 0, 1, 1, 0, 0, 1]);
    const before = (await stage.commandCounts()).get("xreadgroup") ?? 0;
    expect(await claimAll(10)).toEqual([["0.0"], [], ["2.0"], ["3.0"], [], [], ["6.0"]]);
    expect((await stage.commandCounts()).get("xreadgroup")).toBe(before + 1);
  });

  it("of more receivers than one command takes reach them all", async () => {
    const { claimAll } = await filled("crowd", Array<number>(150).fill(1));
    expect(await claimAll(10)).toEqual(Array.from({ length: 150 }, (_, n) => [`${n}.0`]));
  });

  it("bring each receiver as much as it asked for, in order, however much waits", async () => {
    const { claimAll } = await filled("much", [5, 1, 2, 3]);
    expect(await claimAll(4)).toEqual([["0.0", "0.1", "0.2", "0.3"], ["1.0"], ["2.0", "2.1"], ["3.0", "3.1", "3.2"]]);
    expect(await claimAll(4)).toEqual([["0.4"], [], [], []]);
  });

  it("bring no more than the least that one of them asked for can hold", async () => {
    const { store, names } = await filled("little", [3, 3]);
    const claims = await Promise.all([store.claim(names[0]!, 1), store.claim(names[1]!, 3)]);
    expect(claims.map((entries) => entries.flatMap(textsOf))).toEqual([["0.0"], ["1.0", "1.1", "1.2"]]);
  });

  it("of one subscription bring nothing twice", async () => {
    const { store, names } = await filled("same", [4]);
    const claims = await Promise.all([store.claim(names[0]!, 2), store.claim(names[0]!, 2)]);
    expect(claims.flat().flatMap(textsOf).toSorted()).toEqual(["0.0", "0.1", "0.2", "0.3"]);
  });

  it("harm no other when one subscription is gone, and make it anew", async () => {
    const { store, names, claimAll } = await filled("gone", [1, 1, 1]);
    const { stream } = new Keys(stage.keyPrefix).subscription(names[1]!);
    await stage.driver.xgroup("DESTROY", stream, "receiver");
    // That its history is lost is told by a look-round.
    expect(await claimAll(10)).toEqual([["0.0"], "UNAVAILABLE", ["2.0"]]);
    await store.sweep(names[1]!, 1);
    expect(await claimAll(10)).toEqual([[], ["1.0"], []]);
  });

  it("harm no other when Redis cannot read one", async () => {
    const { names, claimAll } = await filled("broken", [1, 1, 1]);
    const { stream } = new Keys(stage.keyPrefix).subscription(names[1]!);
    await stage.driver.set(stream, "no stream");
    expect(await claimAll(10)).toEqual([["0.0"], "FAILED_PRECONDITION", ["2.0"]]);
  });
});
