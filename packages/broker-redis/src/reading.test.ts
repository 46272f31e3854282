import type { FullStore, Store, SubscriptionName } from "@chappe/broker";
import { type Link, waitFor } from "@chappe/testing";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { MortalStores } from "./fixtures/mortal-stores.ts";
import { linkTo, urlThrough } from "./fixtures/redis-link.ts";
import { RedisStage } from "./fixtures/redis-stage.ts";
import { connected, removal, take, TestProducer, textsOf } from "./fixtures/store-traffic.ts";
import { Keys } from "./keys.ts";

let stage: RedisStage;
let keys: Keys;
beforeAll(async () => {
  stage = await RedisStage.start({ tcp: true });
  keys = new Keys(stage.keyPrefix);
});
afterAll(() => stage[Symbol.asyncDispose]());

/** Breaks a store's connection, and waits until it is there again. */
async function interrupted(store: Store, link: Link): Promise<void> {
  link.cut("reset");
  await waitFor(() =>
    store.ping().then(
      () => false,
      () => true,
    ),
  );
  await connected(store);
}

/** A store that has opened a subscription, and reaches Redis through a link. */
async function readingThrough(link: Link, name: SubscriptionName): Promise<FullStore> {
  const store = await stage.connect({ url: urlThrough(link) });
  await store.open(name, "earliest");
  return store;
}

const queue = (receiver: string) => ({ address: `receiver:${receiver}`, subscription: "" });

describe.skipIf(process.env["REDIS_URL"])("an answer that was lost on its way", () => {
  it("leaves nothing with an owner who does not know of it", async () => {
    await using link = await linkTo(stage.redis);
    const name = queue("lost-claim");
    const store = await readingThrough(link, name);
    const producer = new TestProducer(name.address);
    await store.append(
      Array.from({ length: 5 }, (_, n) => producer.batch(String(n))),
      "accepted",
    );
    const [held] = await store.claim(name, 1);
    expect(textsOf(held!)).toEqual(["0"]);

    link.harm({ hidesAnswers: true });
    const lost = store.claim(name, 10);
    const { stream } = keys.subscription(name);
    await waitFor(async () => ((await stage.driver.xpending(stream, "receiver")) as [number])[0] === 5);
    link.heal();
    link.cut("reset");
    await expect(lost).rejects.toMatchObject({ code: "UNAVAILABLE" });

    await connected(store);
    expect(await store.claim(name, 10)).toEqual([]);
    // Three at a time, so that the rest must be remembered from one look-round to the next.
    const sweeps = [await store.sweep(name, 3), await store.sweep(name, 3), await store.sweep(name, 3)];
    expect(sweeps.map(({ entries }) => entries.flatMap(textsOf))).toEqual([["0", "1", "2"], ["3", "4"], []]);
    // What it had before is the same entry, and settled once.
    expect(sweeps[0]!.entries[0]!.ref).toBe(held!.ref);
    const all = sweeps.flatMap(({ entries }) => entries);
    expect(
      await store.settle(
        name,
        all.map((entry) => removal(entry)),
      ),
    ).toEqual([]);
  });

  it("is not relied on when it is read after the time for which its instance looked alive", async () => {
    const name = queue("late-claim");
    const livenessMs = 60_000;
    const store = await stage.connect({ livenessMs });
    await store.open(name, "earliest");
    await store.append([new TestProducer(name.address).batch("a")], "accepted");
    expect((await store.sweep(name, 0)).entries).toEqual([]);
    const late = store.claim(name, 10);
    late.catch(() => {});
    // The command leaves at the end of this turn; then this process stands still.
    await new Promise(setImmediate);
    const now = performance.now.bind(performance);
    const clock = vi.spyOn(performance, "now").mockImplementation(() => now() + livenessMs);
    onTestFinished(() => clock.mockRestore());
    await expect(late).rejects.toMatchObject({ code: "UNAVAILABLE" });
    const found = await waitFor(async () => (await store.sweep(name, 10)).entries[0]);
    expect(found).toMatchObject({ redelivered: true });
    expect(textsOf(found)).toEqual(["a"]);
  });

  it("makes no retry, dead letter or count twice when the settlement is told again", async () => {
    await using link = await linkTo(stage.redis);
    const name = queue("lost-settle");
    const store = await readingThrough(link, name);
    await store.append([new TestProducer(name.address).batch("a")], "accepted");
    const [entry] = await take(store, name, 1);
    const { headerBytes, records, count, first } = entry!;
    const settlement = removal(entry!, {
      ackedMessages: 0,
      retries: [{ headerBytes, records, count, first, attempt: 2, crashes: 0, redriven: false, delayMs: 60_000 }],
    });
    link.harm({ hidesAnswers: true });
    const lost = store.settle(name, [settlement]);
    const { waiting } = keys.subscription(name);
    await waitFor(async () => (await stage.driver.zcard(waiting)) === 1);
    link.heal();
    link.cut("reset");
    await expect(lost).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await connected(store);
    expect(await store.settle(name, [settlement])).toEqual([entry!.ref]);
    expect(await stage.driver.zcard(waiting)).toBe(1);
    expect(await store.inspect(name.address)).toMatchObject({ subscriptions: [{ depth: 1, retried: 1 }] });
  });
});

describe.skipIf(process.env["REDIS_URL"])("reading", () => {
  it("hands out again, flagged, what only the server before had heard to be settled", async () => {
    await using link = await linkTo(stage.redis);
    const name = queue("forgotten-settlement");
    const store = await readingThrough(link, name);
    await store.append([new TestProducer(name.address).batch("a")], "accepted");
    const [entry] = await take(store, name, 1);
    const { stream } = keys.subscription(name);
    const lagging = await stage.driver.dumpBuffer(stream);
    expect(await store.settle(name, [removal(entry!)])).toEqual([]);
    await stage.driver.restore(stream, 0, lagging, "REPLACE");
    expect((await store.sweep(name, 10)).entries).toEqual([]);

    await interrupted(store, link);
    const { entries } = await store.sweep(name, 10);
    expect(entries.map((each) => [...textsOf(each), each.redelivered])).toEqual([["a", true]]);
    expect(await store.settle(name, [removal(entries[0]!)])).toEqual([]);
  });

  it("does so of an address that it had left, and forgotten, before", async () => {
    await using link = await linkTo(stage.redis);
    const name = queue("left-before");
    const store = await readingThrough(link, name);
    const unwatch = store.watch(name.address, () => {});
    await store.append([new TestProducer(name.address).batch("a")], "accepted");
    const [entry] = await take(store, name, 1);
    const { stream } = keys.subscription(name);
    const lagging = await stage.driver.dumpBuffer(stream);
    await store.settle(name, [removal(entry!, { action: "return", ackedMessages: 0 })]);
    await store.leave(name);
    unwatch();
    await stage.driver.restore(stream, 0, lagging, "REPLACE");

    await interrupted(store, link);
    await store.open(name, "earliest");
    const { entries } = await store.sweep(name, 10);
    expect(entries.map((each) => [...textsOf(each), each.redelivered])).toEqual([["a", true]]);
  });

  it("does not remember an address that is left while it is in doubt", async () => {
    await using link = await linkTo(stage.redis);
    const name = queue("left-in-doubt");
    const store = await readingThrough(link, name);
    const unwatch = store.watch(name.address, () => {});
    await interrupted(store, link);
    const leavings = async () => (await stage.commandCounts()).get("xgroup|delconsumer") ?? 0;
    await store.leave(name);
    unwatch();
    const before = await leavings();
    // All that it remembers it leaves once more.
    await store.close();
    expect(await leavings()).toBe(before);
  });

  it("takes over from an instance whose sign of life ran out, tells of it, and clears its name away", async () => {
    await using link = await linkTo(stage.redis);
    const name = queue("expiry");
    const dying = await stage.connect({ url: urlThrough(link), instance: "dying", livenessMs: 300, silenceMs: 300 });
    const heir = await stage.connect({ livenessMs: 300 });
    await heir.open(name, "earliest");
    await heir.append([new TestProducer(name.address).batch("a")], "accepted");
    const [entry] = await take(dying, name, 1);
    link.harm({ isDeaf: true });
    link.cut("reset");
    const inherited = await take(heir, name, 1);
    expect(inherited).toMatchObject([{ ref: entry!.ref, redelivered: true, attempt: 1 }]);
    expect(stage.events).toContainEqual({
      kind: "instances-gone",
      instances: [expect.stringMatching(/^dying-/)],
    });
    const { stream } = keys.subscription(name);
    const consumers = JSON.stringify(await stage.driver.xinfo("CONSUMERS", stream, "receiver"));
    expect(consumers).not.toContain("dying-");
    link.heal();
    await connected(dying);
    expect(await dying.settle(name, [removal(entry!)])).toEqual([entry!.ref]);
    expect(await heir.settle(name, [removal(entry!)])).toEqual([]);
  });

  it("takes over from several dead instances oldest first", async () => {
    const name = queue("orphans");
    const mortals = new MortalStores([stage.driver], stage.redis.url, stage.keyPrefix);
    const dying = [await mortals.connect(), await mortals.connect()];
    const heir = await stage.connect();
    await heir.open(name, "earliest");
    const producer = new TestProducer(name.address);
    await heir.append(
      Array.from({ length: 8 }, (_, n) => producer.batch(String(n))),
      "accepted",
    );
    for (let n = 0; n < 8; n++) await dying[n % 2]!.claim(name, 1);
    for (const store of dying) await mortals.kill(store);
    const first = await take(heir, name, 1);
    const all = [...first, ...(await heir.sweep(name, 100)).entries];
    expect(all.flatMap(textsOf)).toEqual(["0", "1", "2", "3", "4", "5", "6", "7"]);
    for (const store of dying) await store.close();
  });

  it("does not get stuck on an entry that was trimmed away under its owner", async () => {
    const name = { address: "topic:trimmed", subscription: "billing" };
    const mortals = new MortalStores([stage.driver], stage.redis.url, stage.keyPrefix);
    const owner = await mortals.connect();
    const heir = await stage.connect();
    await owner.open(name, "earliest");
    await heir.open(name, "earliest");
    const producer = new TestProducer(name.address);
    await owner.append([producer.batch("gone"), producer.batch("kept")], "accepted");
    const [gone] = await take(owner, name, 2);
    const { stream, subscription } = keys.subscription(name);
    await stage.driver.xdel(stream, gone!.ref);
    await mortals.kill(owner);
    expect((await take(heir, name, 1)).flatMap(textsOf)).toEqual(["kept"]);
    expect(await stage.driver.hget(subscription, "trimmedEntries")).toBe("1");
    expect(((await stage.driver.xpending(stream, "billing")) as [number])[0]).toBe(1);
    await owner.close();
  });

  it("passes over what something else wrote to the stream, and tells of it", async () => {
    const name = queue("damaged");
    const store = await stage.connect();
    await store.open(name, "earliest");
    const { stream } = keys.subscription(name);
    const ref = await stage.driver.xadd(stream, "*", "note", "from somebody else");
    await store.append([new TestProducer(name.address).batch("a")], "accepted");
    expect((await take(store, name, 1)).flatMap(textsOf)).toEqual(["a"]);
    expect(stage.events).toContainEqual({ kind: "entry-damaged", ...name, ref });
  });

  it("gives what was lost of a subscription alone a new epoch, and begins it at the earliest", async () => {
    const name = { address: "topic:cut", subscription: "billing" };
    const store = await stage.connect();
    const { epoch: before } = await store.open(name, "latest");
    await store.append([new TestProducer(name.address).batch("a")], "accepted");
    await stage.driver.xgroup("DESTROY", keys.subscription(name).stream, name.subscription);
    // However often it is asked: only a look-round tells of the loss.
    for (const _ of [1, 2]) await expect(store.claim(name, 10)).rejects.toMatchObject({ code: "UNAVAILABLE" });
    const { epoch } = await store.sweep(name, 10);
    expect(epoch).not.toBe(before);
    expect((await take(store, name, 1)).flatMap(textsOf)).toEqual(["a"]);
    expect(stage.events).toContainEqual({ kind: "epoch-changed", address: name.address, epoch });
  });

  it("sees a retry of another instance's when it is woken for it, without a look-round", async () => {
    const name = queue("woken");
    const [here, there] = [await stage.connect(), await stage.connect()];
    await here.open(name, "earliest");
    await there.open(name, "earliest");
    let wakes = 0;
    there.watch(name.address, () => wakes++);
    await waitFor(() => wakes > 0);
    await here.append([new TestProducer(name.address).batch("a")], "accepted");
    const [entry] = await take(here, name, 1);
    expect(await there.claim(name, 10)).toEqual([]);
    const { headerBytes, records, count, first } = entry!;
    const retries = [{ headerBytes, records, count, first, attempt: 2, crashes: 0, redriven: false, delayMs: 30 }];
    wakes = 0;
    await here.settle(name, [removal(entry!, { ackedMessages: 0, retries })]);
    await waitFor(() => wakes > 0);
    const claimed = await waitFor(async () => (await there.claim(name, 10))[0]);
    expect(claimed).toMatchObject({ attempt: 2, redelivered: false });
  });
});
