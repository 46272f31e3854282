import { createBroker } from "@chappe/broker";
import { waitFor } from "@chappe/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { linkTo, urlThrough } from "./fixtures/redis-link.ts";
import { RedisStage } from "./fixtures/redis-stage.ts";
import { connected, TestProducer } from "./fixtures/store-traffic.ts";
import { Keys } from "./keys.ts";

let stage: RedisStage;
beforeAll(async () => {
  stage = await RedisStage.start({ tcp: true });
});
afterAll(() => stage[Symbol.asyncDispose]());
beforeEach(() => stage.driver.config("RESETSTAT"));

/** Counts the wake-ups of an address, from the moment on at which they are sure to come. */
async function countWakes(store: ReturnType<RedisStage["store"]>, address: string) {
  const seen = { wakes: 0 };
  store.watch(address, () => seen.wakes++);
  await waitFor(() => seen.wakes > 0);
  seen.wakes = 0;
  return seen;
}

describe.skipIf(process.env["REDIS_URL"])("wake-ups", () => {
  it("are sent to other instances alone: not when nobody else watches, and not for other addresses", async () => {
    const [here, there] = [await stage.connect(), await stage.connect()];
    const producer = new TestProducer("receiver:alone");
    const own = await countWakes(here, "receiver:alone");
    await countWakes(there, "receiver:elsewhere");
    await here.append([producer.batch("a")], "accepted");
    expect((await stage.commandCounts()).get("spublish")).toBeUndefined();
    const seen = await countWakes(there, "receiver:alone");
    await here.append([producer.batch("b")], "accepted");
    await waitFor(() => seen.wakes === 1);
    expect((await stage.commandCounts()).get("spublish")).toBe(1);
    expect(own.wakes).toBe(0);
  });

  it("bring a message to another broker's consumer long before its look-round", async () => {
    const [here, there] = [await stage.connect(), await stage.connect()];
    const broker = createBroker({ store: there, sweepMs: 60_000 });
    const subscription = await broker.subscribe({ address: "receiver:far", subscription: "", consumer: "c" });
    subscription.grant({ messages: 10, bytes: 1_000_000 });
    const events = subscription[Symbol.asyncIterator]();
    const producer = new TestProducer("receiver:far");
    for (const text of ["one", "two"]) {
      await here.append([producer.batch(text)], "accepted");
      expect(await events.next()).toMatchObject({ value: { kind: "delivery", delivery: { count: 1 } } });
    }
    await broker.close({ deadlineMs: 0 });
  });

  it("come again after their connection was lost, and once to say that some may be missing", async () => {
    await using link = await linkTo(stage.redis);
    const here = await stage.connect();
    const there = await stage.connect({ url: urlThrough(link) });
    const seen = await countWakes(there, "receiver:cut");
    link.cut("reset");
    await waitFor(() => seen.wakes > 0);
    seen.wakes = 0;
    await connected(there);
    await here.append([new TestProducer("receiver:cut").batch("a")], "accepted");
    await waitFor(() => seen.wakes > 0);
    const told = stage.events.map(({ kind }) => kind).filter((kind) => kind.endsWith("waking"));
    expect(told.slice(-2)).toEqual(["not-waking", "waking"]);
  });

  it("are heard for thousands of addresses, each for itself", async () => {
    const [here, there] = [await stage.connect(), await stage.connect()];
    const woken = new Set<number>();
    for (let n = 0; n < 2_000; n++) there.watch(`receiver:many-${n}`, () => woken.add(n));
    await waitFor(() => woken.size === 2_000);
    woken.clear();
    await here.append([new TestProducer("receiver:many-1234").batch("a")], "accepted");
    await waitFor(() => woken.size > 0);
    expect([...woken]).toEqual([1234]);
  });

  it("end with the last watcher of their address", async () => {
    const store = await stage.connect();
    const { wakes } = new Keys(stage.keyPrefix).address("receiver:ended");
    const stops = [store.watch("receiver:ended", () => {}), store.watch("receiver:ended", () => {})];
    const subscribers = async () => (await stage.driver.call("PUBSUB", "SHARDNUMSUB", wakes)) as [string, number];
    await waitFor(async () => (await subscribers())[1] === 1);
    stops[0]!();
    stops[0]!();
    await store.ping();
    expect((await subscribers())[1]).toBe(1);
    stops[1]!();
    await waitFor(async () => (await subscribers())[1] === 0);
  });

  it("are told to be missing when Redis forbids the channels; appends are then refused whole", async () => {
    await stage.driver.call("ACL", "SETUSER", "mute", "on", "nopass", "~*", "resetchannels", "+@all");
    const there = await stage.connect();
    const mute = await stage.connect({ username: "mute", password: "any" });
    mute.watch("receiver:mute", () => {});
    await waitFor(() =>
      stage.events.some((event) => event.kind === "not-waking" && event.error.code === "FAILED_PRECONDITION"),
    );
    await countWakes(there, "receiver:mute");
    // The second is added beside the script.
    for (const text of ["a", "a".repeat(10_000)]) {
      const [result] = await mute.append([new TestProducer("receiver:mute").batch(text)], "accepted");
      expect(result).toMatchObject({ ok: false, error: { code: "FAILED_PRECONDITION" } });
    }
    expect(await stage.driver.xlen(new Keys(stage.keyPrefix).address("receiver:mute").stream)).toBe(0);
    expect(await there.inspect("receiver:mute")).toBeUndefined();
  });
});
