import type { Entry } from "@chappe/broker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Acks } from "./acks.ts";
import { scopeOfPartition } from "./call-scope.ts";
import { RedisStage } from "./fixtures/redis-stage.ts";
import { removal, take, TestProducer } from "./fixtures/store-traffic.ts";
import { Keys } from "./keys.ts";
import type { Scripts } from "./scripts.ts";
import { SubscriptionPlaces } from "./subscription-place.ts";

let stage: RedisStage;
let keys: Keys;
beforeAll(async () => {
  stage = await RedisStage.start();
  keys = new Keys(stage.keyPrefix);
});
afterAll(() => stage[Symbol.asyncDispose]());

/** A store that owns an entry of two messages at each of these addresses. */
async function holding(...addresses: readonly string[]) {
  const store = await stage.connect();
  const held = [];
  for (const address of addresses) {
    const name = { address, subscription: address.startsWith("topic:") ? "billing" : "" };
    await store.open(name, "earliest");
    await store.append([new TestProducer(address).batch("a", "b")], "accepted");
    const [entry] = await take(store, name, 1);
    held.push({ name, entry: entry!, keys: keys.subscription(name) });
  }
  return { store, held };
}

describe.skipIf(process.env["REDIS_URL"])("acks", () => {
  it("of many subscriptions reach Redis in one call", async () => {
    const { store, held } = await holding("receiver:ack-1", "receiver:ack-2", "topic:ack-3");
    const before = (await stage.commandCounts()).get("evalsha") ?? 0;
    const lost = await Promise.all(held.map(({ name, entry }) => store.settle(name, [removal(entry)])));
    expect(lost).toEqual([[], [], []]);
    expect((await stage.commandCounts()).get("evalsha")).toBe(before + 1);
    for (const { name } of held) {
      expect(await store.inspect(name.address)).toMatchObject({ subscriptions: [{ depth: 0, acked: 2 }] });
    }
    // A topic keeps its entries for others.
    expect(await Promise.all(held.map(({ keys }) => stage.driver.xlen(keys.stream)))).toEqual([0, 0, 1]);
  });

  it("of more entries than one call takes are carried out all the same", async () => {
    const name = { address: "receiver:ack-many", subscription: "" };
    const store = await stage.connect();
    await store.open(name, "earliest");
    const producer = new TestProducer(name.address);
    const batches = Array.from({ length: 700 }, (_, n) => producer.batch(String(n)));
    expect((await store.append(batches, "accepted")).every(({ ok }) => ok)).toBe(true);
    const entries = await store.claim(name, 700);
    const [some, others] = [entries.slice(0, 200), entries.slice(200)];
    const settle = (part: typeof entries) =>
      store.settle(
        name,
        part.map((entry) => removal(entry)),
      );
    expect(await Promise.all([settle(some), settle(others)])).toEqual([[], []]);
    expect(await store.inspect(name.address)).toMatchObject({ subscriptions: [{ depth: 0, acked: 700 }] });
  });

  it("of what is not owned change nothing, and are told apart from the others", async () => {
    const { store, held } = await holding("receiver:mine", "receiver:foreign");
    const [mine, foreign] = held;
    const { stream } = foreign!.keys;
    await stage.driver.xclaim(stream, "receiver", "somebody-else", 0, foreign!.entry.ref);
    const lost = await Promise.all(held.map(({ name, entry }) => store.settle(name, [removal(entry)])));
    expect(lost).toEqual([[], [foreign!.entry.ref]]);
    expect(await stage.driver.xlen(stream)).toBe(1);
    expect(await store.inspect(foreign!.name.address)).toMatchObject({ subscriptions: [{ depth: 2, acked: 0 }] });
    expect(await stage.driver.xlen(mine!.keys.stream)).toBe(0);
  });

  it("count once when an entry is named twice", async () => {
    const { store, held } = await holding("receiver:ack-twice");
    const [{ name, entry }] = held as [(typeof held)[0]];
    expect(await store.settle(name, [removal(entry), removal(entry)])).toEqual([entry.ref]);
    expect(await store.inspect(name.address)).toMatchObject({ subscriptions: [{ depth: 0, acked: 2 }] });
  });

  it("harm no other when those of one subscription cannot be carried out", async () => {
    const { store, held } = await holding("receiver:ack-whole", "receiver:ack-broken");
    await stage.driver.set(held[1]!.keys.subscription, "no hash");
    const results = await Promise.allSettled(held.map(({ name, entry }) => store.settle(name, [removal(entry)])));
    expect(results).toMatchObject([
      { status: "fulfilled", value: [] },
      { status: "rejected", reason: { code: "FAILED_PRECONDITION" } },
    ]);
    expect(await stage.driver.xlen(held[1]!.keys.stream)).toBe(1);
  });
});

describe("acks on a cluster", () => {
  it("of each partition are counted for themselves: one call takes what it can", async () => {
    const calls: number[] = [];
    const scripts = {
      async run(_name: string, keys: readonly string[], args: readonly unknown[]) {
        calls.push((args.length - 1 - (keys.length / 2) * 3) / 2);
        return Array.from({ length: keys.length / 2 }, () => []);
      },
    } as unknown as Scripts;
    const acks = new Acks(scripts, "me");
    const places = new SubscriptionPlaces(new Keys("any"), scopeOfPartition);
    const entries = (count: number) =>
      Array.from({ length: count }, (_, n) => removal({ ref: `${n}-0`, count: 1, records: new Uint8Array() } as Entry));
    const [one, other] = ["receiver:one", "receiver:two"].map((address) => places.of({ address, subscription: "" }));
    expect(one!.scope).not.toBe(other!.scope);
    const settling = [
      acks.settle(one!, entries(200)),
      acks.settle(other!, entries(200)),
      acks.settle(one!, entries(56)),
    ];
    expect(calls).toEqual([]);
    settling.push(acks.settle(one!, entries(1)));
    expect(calls).toEqual([256]);
    acks.flush();
    expect(calls.toSorted((a, b) => a - b)).toEqual([1, 200, 256]);
    await Promise.all(settling);
  });
});
