import { type Batch, BatchBuilder, messageIdAt } from "@chappe/message";
import { waitFor } from "@chappe/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DelayedMessages } from "./delayed.ts";
import { RedisStage } from "./fixtures/redis-stage.ts";
import { take, textsOf } from "./fixtures/store-traffic.ts";
import { Keys } from "./keys.ts";
import type { RedisClient } from "./redis-client.ts";
import { Scripts } from "./scripts.ts";
import type { WakeUps } from "./wake-ups.ts";

let stage: RedisStage;
beforeAll(async () => {
  stage = await RedisStage.start();
});
afterAll(() => stage[Symbol.asyncDispose]());

function delayed(address: string, body: string, deliverAt: number, deduplicationId?: string, id?: string) {
  const builder = new BatchBuilder({ sender: "sender-01", address, deliverAtMs: deliverAt, deduplicationId });
  builder.add({ body, deliverAt, deduplicationId, ...(id !== undefined && { id }) }, Date.now());
  return builder.finish(new Uint8Array(0), 0);
}

describe.skipIf(process.env["REDIS_URL"])("delayed messages", () => {
  it("stand beside their address, by sender and id, and leave nothing behind", async () => {
    const store = await stage.connect();
    const address = "receiver:keys";
    const keys = new Keys(stage.keyPrefix).address(address);
    const [soon, later] = [delayed(address, "soon", Date.now() + 500), delayed(address, "later", 4_000_000_000_000)];
    await store.append([soon, later], "accepted");
    const members = [soon, later].map(({ header }) => `sender-01/${messageIdAt(header.firstId, 0)}`);
    expect(await stage.driver.zrange(keys.delayed, "0", "-1")).toEqual(members);
    expect(new Set(await stage.driver.hkeys(keys.delayedEntries))).toEqual(new Set(members));
    expect(await stage.driver.xlen(keys.stream)).toBe(0);
    const name = { address, subscription: "" };
    await store.open(name, "earliest");
    expect((await take(store, name, 1)).flatMap(textsOf)).toEqual(["soon"]);
    expect(await store.cancel(address, "sender-01", messageIdAt(later.header.firstId, 0))).toBe(true);
    expect(await stage.driver.exists(keys.delayed, keys.delayedEntries)).toBe(0);
  });

  it("are purged whatever else stands among them", async () => {
    const store = await stage.connect();
    const address = "receiver:purged";
    const keys = new Keys(stage.keyPrefix).address(address);
    await store.append([delayed(address, "a", 4_000_000_000_000)], "accepted");
    const strays = Array.from({ length: 40 }, (_, index) => `sender-01/stray ${index}`);
    for (const stray of strays) await stage.driver.zadd(keys.delayed, 1, stray);
    await stage.driver.hset(keys.delayedEntries, strays[0]!, "no entry");
    let messages = 0;
    for (let after: string | undefined, begun = false; !begun || after !== undefined; begun = true) {
      const step = await store.administration.purgeDelayed(address, after);
      messages += step.messages;
      after = step.next;
    }
    expect(messages).toBe(2);
    expect(await stage.driver.exists(keys.delayed, keys.delayedEntries)).toBe(0);
  });

  it("free their deduplication id when they are taken back, and not one that another has by now", async () => {
    const store = await stage.connect();
    const address = "receiver:ids";
    const [one, two] = ["one", "two"].map((body) => delayed(address, body, 4_000_000_000_000, "an id"));
    const key = new Keys(stage.keyPrefix).deduplication(one!.header);
    const cancel = ({ header }: Batch) => store.cancel(address, "sender-01", messageIdAt(header.firstId, 0));
    await store.append([one!], "accepted");
    // As when its window is over.
    await stage.driver.del(key);
    await store.append([two!], "accepted");
    expect(await cancel(one!)).toBe(true);
    expect(await stage.driver.exists(key)).toBe(1);
    expect(await cancel(two!)).toBe(true);
    expect(await stage.driver.exists(key)).toBe(0);
  });

  it("free the deduplication id of the one that is taken back, though it came while its like was looked at", async () => {
    const store = await stage.connect();
    const address = "receiver:meanwhile";
    const keys = new Keys(stage.keyPrefix);
    const [former, latter] = ["former", "latter"].map((id) => delayed(address, "a", 4_000_000_000_000, id, "reminder"));
    await store.append([former!], "accepted");
    let looks = 0;
    const connection = {
      async call(command: string, ...args: (string | number | Buffer)[]) {
        const answer = await stage.driver.callBuffer(command, ...args);
        if (command === "HGET" && looks++ === 0) {
          await store.cancel(address, "sender-01", "reminder");
          await store.append([latter!], "accepted");
        }
        return answer;
      },
    } as unknown as RedisClient;
    const scripts = new Scripts(connection);
    const messages = new DelayedMessages({ connection, scripts, keys, wakeUps: {} as WakeUps, instance: "here" });
    expect(await messages.cancel(address, "sender-01", "reminder")).toBe(true);
    expect(looks).toBe(2);
    expect(await stage.driver.exists(keys.deduplication(latter!.header))).toBe(0);
  });

  it("join in portions, so that many of one time do not hold up Redis", async () => {
    const store = await stage.connect();
    const name = { address: "receiver:many", subscription: "" };
    await store.open(name, "earliest");
    const atMs = Date.now() + 1_500;
    const batches = Array.from({ length: 300 }, (_, n) => delayed(name.address, String(n), atMs));
    await store.append(batches, "accepted");
    expect(await store.inspect(name.address)).toMatchObject({ published: 0, delayed: 300 });
    await waitFor(() => Date.now() > atMs);
    const { nextRetryMs } = await store.sweep(name, 0);
    expect(nextRetryMs).toBe(0);
    expect(await store.inspect(name.address)).toMatchObject({ published: 128, delayed: 172 });
    await store.sweep(name, 0);
    expect((await store.sweep(name, 0)).nextRetryMs).toBeUndefined();
    const texts = (await take(store, name, 300)).flatMap(textsOf);
    expect(new Set(texts).size).toBe(300);
  });

  it("wake the other instances when they join", async () => {
    const [here, there] = [await stage.connect(), await stage.connect()];
    const name = { address: "receiver:woken", subscription: "" };
    await Promise.all([here.open(name, "earliest"), there.open(name, "earliest")]);
    let wakes = 0;
    there.watch(name.address, () => wakes++);
    await waitFor(() => wakes > 0);
    const before = wakes;
    await here.append([delayed(name.address, "a", Date.now() + 300)], "accepted");
    expect(wakes).toBe(before);
    await waitFor(async () => {
      await here.sweep(name, 0);
      return wakes > before;
    });
    expect((await take(there, name, 1)).flatMap(textsOf)).toEqual(["a"]);
  });

  it("need no script that Redis was told before", async () => {
    const store = await stage.connect();
    const name = { address: "receiver:flushed", subscription: "" };
    await store.open(name, "earliest");
    const later = delayed(name.address, "b", Date.now() + 100_000);
    await store.append([delayed(name.address, "a", Date.now() + 50), later], "accepted");
    await stage.driver.script("FLUSH");
    expect((await take(store, name, 1)).flatMap(textsOf)).toEqual(["a"]);
    await stage.driver.script("FLUSH");
    expect(await store.cancel(name.address, "sender-01", messageIdAt(later.header.firstId, 0))).toBe(true);
  });
});
