import type { AppendResult } from "@chappe/broker";
import { type RedisFixture, startRedis, waitFor } from "@chappe/testing";
import { afterEach, describe, expect, test } from "vitest";
import { RedisStage } from "./fixtures/redis-stage.ts";
import { QUEUE, take, TestProducer, textsOf } from "./fixtures/store-traffic.ts";

// Each of them kills, stops or turns round a server of its own.
const cannot = process.env["REDIS_URL"] !== undefined;

let stopped: number | undefined;
afterEach(() => {
  if (stopped !== undefined) process.kill(stopped, "SIGCONT");
  stopped = undefined;
});

/** Makes a server silent without ending it. */
function freeze({ pid }: RedisFixture): void {
  stopped = pid;
  process.kill(pid!, "SIGSTOP");
}

function thaw(): void {
  process.kill(stopped!, "SIGCONT");
  stopped = undefined;
}

function summary(results: readonly AppendResult[]): string[] {
  return results.map((result) => {
    if (!result.ok) return `${result.error.code} ${result.error.message}`;
    return result.duplicate ? `${result.durability}, duplicate` : result.durability;
  });
}

/** A primary that the stage's stores write to, and replicas of it that are through with their first copy. */
async function withReplicas(count: number) {
  const stage = await RedisStage.start({ tcp: true, settings: { "repl-diskless-sync-delay": "0" } });
  const replicas = await Promise.all(
    Array.from({ length: count }, () => startRedis({ replicaOf: stage.redis, tcp: true })),
  );
  await waitFor(async () => {
    await stage.driver.set("anything", "");
    return (await stage.driver.wait(count, 100)) === count;
  });
  return {
    stage,
    replicas,
    async [Symbol.asyncDispose]() {
      if (stopped !== undefined) thaw();
      await stage[Symbol.asyncDispose]();
      await Promise.all(replicas.map((replica) => replica.stop()));
    },
  };
}

describe.skipIf(cannot)("replicated", () => {
  test("is answered when the replica has the batch, and survives the primary's death", async () => {
    await using redis = await withReplicas(1);
    const { stage, replicas } = redis;
    const store = await stage.connect();
    expect(summary(await store.append([new TestProducer().batch("a", "b")], "replicated"))).toEqual(["replicated"]);
    await stage.redis.kill();
    await using heir = RedisStage.on(replicas[0]!, stage.keyPrefix);
    await heir.driver.replicaof("NO", "ONE");
    const [entry] = await take(await heir.connect(), QUEUE, 1);
    expect(textsOf(entry!)).toEqual(["a", "b"]);
  });

  test("waits for as many replicas as were asked for", async () => {
    await using redis = await withReplicas(2);
    const { stage, replicas } = redis;
    const store = await stage.connect({ durabilityTimeoutMs: 2_000 });
    const producer = new TestProducer();
    expect(summary(await store.append([producer.batch("a")], "replicated(2)"))).toEqual(["replicated(2)"]);
    freeze(replicas[1]!);
    expect(summary(await store.append([producer.batch("b")], "replicated"))).toEqual(["replicated"]);
    const [late] = summary(await store.append([producer.batch("c")], "replicated(2)"));
    expect(late).toMatch(/^UNAVAILABLE .*1 of 2 replicas have confirmed within 2000 ms; .*may still arrive$/);
  });

  test("is not answered while the replica is stopped, for a resend neither; and is once it goes on", async () => {
    await using redis = await withReplicas(1);
    const { stage, replicas } = redis;
    const store = await stage.connect({ durabilityTimeoutMs: 1_000 });
    const producer = new TestProducer();
    await store.append([producer.batch("a")], "replicated");
    freeze(replicas[0]!);
    const batch = producer.batch("b");
    for (const attempt of [1, 2]) {
      expect([attempt, ...summary(await store.append([batch], "replicated"))]).toEqual([
        attempt,
        expect.stringMatching(/^UNAVAILABLE .*0 of 1 replicas/),
      ]);
    }
    thaw();
    await waitFor(async () => (await store.append([batch], "replicated"))[0]?.ok);
    expect(summary(await store.append([batch], "replicated"))).toEqual(["replicated, duplicate"]);
  });

  test("holds up nobody who asks for less", async () => {
    await using redis = await withReplicas(1);
    const { stage, replicas } = redis;
    const store = await stage.connect({ durabilityTimeoutMs: 60_000, silenceMs: 60_000 });
    await store.append([new TestProducer().batch("a")], "replicated");
    freeze(replicas[0]!);
    const waiting = store.append([new TestProducer().batch("b")], "replicated");
    expect(summary(await store.append([new TestProducer().batch("c")], "accepted"))).toEqual(["accepted"]);
    thaw();
    expect(summary(await waiting)).toEqual(["replicated"]);
  });

  test("without enough replicas says how many there are, and stores nothing", async () => {
    await using stage = await RedisStage.start();
    const store = await stage.connect();
    const batch = new TestProducer().batch("a");
    await expect(store.append([batch], "replicated(3)")).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringContaining("3 replicas are needed, and Redis has 0 connected"),
    });
    expect(summary(await store.append([batch], "accepted"))).toEqual(["accepted"]);
  });

  test("many appends of one turn share a wait, and each producer's order is kept", async () => {
    await using redis = await withReplicas(1);
    const { stage } = redis;
    const store = await stage.connect();
    const producer = new TestProducer();
    await store.append([producer.batch("1")], "replicated");
    const before = await waits(stage);
    const batches = Array.from({ length: 40 }, (_, index) => producer.batch(String(index + 2)));
    const answers = await Promise.all(batches.map((batch) => store.append([batch], "replicated")));
    expect(new Set(answers.flatMap(summary))).toEqual(new Set(["replicated"]));
    expect((await waits(stage)) - before).toBeLessThanOrEqual(2);
  });

  test("what another server carried out is not taken for proven", async () => {
    await using redis = await withReplicas(1);
    const { stage } = redis;
    const store = await stage.connect();
    const producer = new TestProducer();
    await store.append([producer.batch("1")], "replicated");
    // It becomes a replica, and a primary again: what it carried out in between may be gone with that.
    await stage.driver.replicaof("127.0.0.1", "1");
    await stage.driver.replicaof("NO", "ONE");
    await waitFor(async () => (await stage.driver.info("replication")).includes("state=online"));
    const [answer] = summary(await store.append([producer.batch("2")], "replicated"));
    expect(answer).toMatch(/^UNAVAILABLE .*restarted or replaced/);
    expect(summary(await store.append([producer.batch("3")], "replicated"))).toEqual(["replicated"]);
  });
});

describe.skipIf(cannot)("fsynced", () => {
  test("survives the kill of Redis, with the file as the disk has it", async () => {
    await using stage = await RedisStage.start({ appendonly: "always" });
    const store = await stage.connect();
    expect(summary(await store.append([new TestProducer().batch("a")], "fsynced"))).toEqual(["fsynced"]);
    await stage.redis.kill();
    await stage.redis.restart();
    const [entry] = await take(await stage.connect(), QUEUE, 1);
    expect(textsOf(entry!)).toEqual(["a"]);
  });

  test("a Redis without an append-only file refuses it, says what is needed, and stores nothing", async () => {
    await using stage = await RedisStage.start();
    const store = await stage.connect();
    const batch = new TestProducer().batch("a");
    await expect(store.append([batch], "fsynced")).rejects.toMatchObject({
      code: "FAILED_PRECONDITION",
      message: expect.stringContaining("set appendonly yes"),
    });
    expect(summary(await store.append([batch], "accepted"))).toEqual(["accepted"]);
  });

  test("is had from WAITAOF where that is there, though the file is synced every second alone", async ({ skip }) => {
    await using stage = await RedisStage.start({ appendonly: "everysec" });
    const hasWaitAof = (await stage.driver.call("COMMAND", "INFO", "WAITAOF")) as unknown[];
    const store = await stage.connect({ durabilityTimeoutMs: 5_000 });
    const batch = new TestProducer().batch("a");
    if (!hasWaitAof[0]) {
      await expect(store.append([batch], "fsynced")).rejects.toMatchObject({
        code: "FAILED_PRECONDITION",
        message: expect.stringMatching(/has no WAITAOF .* needs appendfsync always, and has everysec/),
      });
      return skip("this server has no WAITAOF");
    }
    expect(summary(await store.append([batch], "fsynced"))).toEqual(["fsynced"]);
    await stage.redis.kill();
    await stage.redis.restart();
    const [entry] = await take(await stage.connect(), QUEUE, 1);
    expect(textsOf(entry!)).toEqual(["a"]);
  });

  test("a setting that is changed while it runs is noticed", async () => {
    await using stage = await RedisStage.start({ appendonly: "always" });
    const store = await stage.connect();
    const producer = new TestProducer();
    await store.append([producer.batch("1")], "fsynced");
    await stage.driver.config("SET", "appendonly", "no");
    const second = producer.batch("2");
    expect(summary(await store.append([second], "fsynced"))[0]).toMatch(/^UNAVAILABLE .*is stored/);
    await expect(store.append([second], "fsynced")).rejects.toMatchObject({ code: "FAILED_PRECONDITION" });
    await stage.driver.config("SET", "appendonly", "yes");
    await waitFor(async () => !(await stage.driver.info("persistence")).includes("aof_rewrite_in_progress:1"));
    expect(summary(await store.append([second], "fsynced"))).toEqual(["fsynced, duplicate"]);
  });
});

async function waits({ driver }: RedisStage): Promise<number> {
  const stats = await driver.info("commandstats");
  return Number(/cmdstat_wait:calls=(\d+)/.exec(stats)?.[1] ?? 0);
}
