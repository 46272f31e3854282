import { ManualClock } from "@chappe/testing";
import { describe, expect, it } from "vitest";
import { deadLetterOf, progress, QUEUE, removal, textsOf } from "../conformance/entries.ts";
import { appendAll, Producer } from "../conformance/producer.ts";
import { createMemoryBackend, type MemoryBackendOptions } from "./memory-backend.ts";

const BILLING = { address: "topic:orders", subscription: "billing" };
const DAY_MS = 86_400_000;

function setUp(options: MemoryBackendOptions = {}) {
  const clock = new ManualClock();
  const backend = createMemoryBackend({ clock, ...options });
  return { clock, backend, store: backend.connect() };
}

describe("retention", () => {
  it("drops messages of a topic that are older than retentionMs, and says so in the depth", async () => {
    const { clock, store } = setUp({ retentionMs: 2 * DAY_MS });
    await store.open(BILLING, "latest");
    const producer = new Producer(BILLING.address);
    await appendAll(store, [producer.batch("old", "old too")]);
    await clock.advance(DAY_MS);
    await appendAll(store, [producer.batch("young")]);
    await clock.advance(DAY_MS);
    expect((await store.inspect(BILLING.address))?.subscriptions).toMatchObject([{ depth: 1 }]);
    expect((await store.claim(BILLING, 10)).flatMap(textsOf)).toEqual(["young"]);
  });

  it("takes a topic's messages also from who holds them, and leaves what waits for a receiver for ever", async () => {
    const { clock, store } = setUp({ retentionMs: DAY_MS });
    await store.open(BILLING, "latest");
    await appendAll(store, [new Producer(BILLING.address).batch("held"), new Producer().batch("waiting")]);
    const [held] = await store.claim(BILLING, 1);
    await clock.advance(30 * DAY_MS);
    expect((await store.inspect(BILLING.address))?.subscriptions).toMatchObject([{ depth: 0, trimmed: 1 }]);
    expect(await store.settle(BILLING, [removal(held!)])).toEqual([held!.ref]);
    expect((await store.claim(QUEUE, 10)).flatMap(textsOf)).toEqual(["waiting"]);
  });

  it("keeps no more than retentionBytes of a topic, and returned messages no longer than that", async () => {
    const { store } = setUp({ retentionBytes: 5_000 });
    await store.open(BILLING, "latest");
    const producer = new Producer(BILLING.address);
    const last = "l".repeat(1_000);
    const bodies = Array.from({ length: 10 }, (_, index) => `${index}`.repeat(1_000));
    for (const body of bodies) await appendAll(store, [producer.batch(body)]);
    const entries = await store.claim(BILLING, 10);
    expect(entries.flatMap(textsOf)).toEqual(bodies.slice(-entries.length));
    await store.settle(
      BILLING,
      entries.map((entry) => progress(entry, "return", [])),
    );
    await appendAll(store, [producer.batch(last)]);
    const { entries: again } = await store.sweep(BILLING, 100);
    expect(again.flatMap(textsOf)).toEqual(bodies.slice(1 - entries.length));
    const late = { ...BILLING, subscription: "late" };
    await store.open(late, "earliest");
    const kept = (await store.claim(late, 100)).flatMap(textsOf);
    expect(kept.length).toBeLessThan(5);
    expect(kept).toEqual([...bodies, last].slice(-kept.length));
  });

  it("drops dead letters by age and by bytes", async () => {
    const { clock, store } = setUp({ deadLetterRetentionMs: DAY_MS, retentionBytes: 5_000 });
    const producer = new Producer();
    for (let number = 0; number < 10; number++) {
      await appendAll(store, [producer.batch(`${number}`.repeat(1_000))]);
      const [entry] = await store.claim(QUEUE, 1);
      await store.settle(QUEUE, [removal(entry!, { deadLetters: [deadLetterOf(entry!, 0, `letter ${number}`)] })]);
    }
    const reasons = (await store.deadLetters(QUEUE, 100)).map(({ reason }) => reason);
    expect(reasons).toEqual(["letter 7", "letter 8", "letter 9"]);
    await clock.advance(DAY_MS);
    expect(await store.deadLetters(QUEUE, 100)).toEqual([]);
  });
});

describe("maxBytes", () => {
  it("gives up history that every subscription has read before it refuses a batch", async () => {
    const { store } = setUp({ maxBytes: 20_000, retentionBytes: 20_000 });
    await store.open(BILLING, "latest");
    const producer = new Producer(BILLING.address);
    for (let number = 0; number < 50; number++) {
      await appendAll(store, [producer.batch("x".repeat(2_000))]);
      const [entry] = await store.claim(BILLING, 1);
      await store.settle(BILLING, [removal(entry!)]);
    }
    await appendAll(store, [new Producer().batch("x".repeat(15_000))]);
    expect((await store.inspect(QUEUE.address))?.published).toBe(1);
  });

  it("refuses, rather than give up what one subscription has not read", async () => {
    const { store } = setUp({ maxBytes: 20_000, retentionBytes: Number.POSITIVE_INFINITY });
    await store.open(BILLING, "latest");
    const producer = new Producer(BILLING.address);
    const store20 = async () => {
      for (let number = 0; number < 20; number++) await appendAll(store, [producer.batch("x".repeat(2_000))]);
    };
    await expect(store20()).rejects.toMatchObject({ code: "RESOURCE_EXHAUSTED" });
    const { depth } = (await store.inspect(BILLING.address))!.subscriptions[0]!;
    expect(await store.claim(BILLING, 100)).toHaveLength(depth);
  });
});

describe("createMemoryBackend", () => {
  it("refuses a batch whose address is outside the grammar, and stores the others of its append", async () => {
    const { store } = setUp();
    const good = new Producer().batch("good");
    const bad = { ...good, header: { ...good.header, address: "nowhere" } };
    const results = await store.append([bad, good], "accepted");
    expect(results).toMatchObject([{ ok: false, error: { code: "INVALID_ARGUMENT" } }, { ok: true }]);
  });

  it("refuses options that are no numbers of at least 0, naming option and value", () => {
    for (const option of ["maxBytes", "retentionMs", "retentionBytes", "livenessMs"]) {
      for (const value of [-1, Number.NaN]) {
        const make = () => createMemoryBackend({ [option]: value });
        expect(make).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
        expect(make).toThrow(`${option} is ${value}`);
      }
    }
  });

  it("knows only its own stores", () => {
    const stranger = createMemoryBackend().connect();
    const { backend } = setUp();
    expect(() => backend.kill(stranger)).toThrow("not connected by this backend");
  });

  it("lets a suspended instance live on once it is resumed", async () => {
    const { clock, backend, store } = setUp({ livenessMs: 1_000 });
    const other = backend.connect();
    await appendAll(store, [new Producer().batch("a")]);
    await store.claim(QUEUE, 1);
    backend.suspend(store);
    await clock.advance(999);
    expect((await other.sweep(QUEUE, 10)).entries, "before its liveness is over").toEqual([]);
    backend.resume(store);
    await clock.advance(1_000);
    expect((await other.sweep(QUEUE, 10)).entries).toEqual([]);
  });

  it("names an instance in the errors of its calls after its end", async () => {
    const { backend } = setUp();
    const store = backend.connect("router-7");
    await store.close();
    await store.close();
    await expect(store.ping()).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringContaining("router-7"),
    });
  });
});
