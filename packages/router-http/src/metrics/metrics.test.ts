import {
  type Broker,
  createMemoryBackend,
  type Inspectable,
  publishMessage,
  type Store,
  type Subscription,
  type SubscriptionEvent,
} from "@chappe/broker";
import { ChappeError } from "@chappe/message";
import { waitFor } from "@chappe/testing";
import { afterEach, describe, expect, it } from "vitest";
import { impatientBroker } from "../fixtures/test-app.ts";
import { createMetrics, type Metrics, type MetricsOptions } from "./metrics.ts";

const NO_BYTES = new Uint8Array(0);

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

/** A broker in memory, observed all the way, and a reader of its metrics. */
function observed(options: MetricsOptions = {}, store: Store = createMemoryBackend().connect()) {
  const metrics = createMetrics(options);
  const broker = metrics.observeBroker(impatientBroker(metrics.observeStore(store)));
  open.push(metrics, { close: () => broker.close({ deadlineMs: 0 }) });
  return { metrics, broker };
}

/** Values by name and labels, as a scraper reads them. */
async function scrape(metrics: Metrics): Promise<Record<string, number>> {
  const lines = (await metrics.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return Object.fromEntries(
    lines.map((line) => line.split(/ (?=[^ ]+$)/)).map(([name, value]) => [name, Number(value)]),
  );
}

const send = (broker: Broker, body: string, address = "receiver:b") =>
  publishMessage(broker, { body }, { sender: "a", address });

async function consumer(broker: Broker, credit = 100) {
  const subscription = await broker.subscribe({ address: "receiver:b", subscription: "", consumer: "c" });
  subscription.grant({ messages: credit, bytes: 1e6 });
  const events = subscription[Symbol.asyncIterator]();
  const next = async () => {
    const { value } = await events.next();
    if (value?.kind !== "delivery") throw new Error("no delivery");
    return value.delivery;
  };
  return { subscription, events, next };
}

describe("traffic", () => {
  it("that is stored is counted in messages, batches and bytes, and what is refused by its reason", async () => {
    const { metrics, broker } = observed({}, createMemoryBackend({ maxBytes: 1_000 }).connect());
    await send(broker, "x");
    await expect(send(broker, "x".repeat(2_000))).rejects.toThrow("full");
    expect(await scrape(metrics)).toMatchObject({
      chappe_published_messages_total: 1,
      chappe_published_batches_total: 1,
      chappe_published_bytes_total: 5,
      'chappe_failed_batches_total{code="RESOURCE_EXHAUSTED"}': 1,
      chappe_unanswered_batches: 0,
      'chappe_batch_messages_bucket{le="1"}': 1,
      chappe_batch_messages_count: 1,
      'chappe_store_seconds_count{call="append"}': 2,
    });
  });

  it("that is handed out, held and settled is counted by attempt and outcome", async () => {
    const { metrics, broker } = observed();
    const { subscription, next } = await consumer(broker);
    for (const body of ["acked", "failed", "rejected", "held"]) await send(broker, body);
    const deliveries = [await next(), await next(), await next(), await next()].map(({ number }) => number);
    const [acked, failed, rejected] = deliveries.map((delivery) => ({ delivery, first: 0, count: 1 }));
    expect(await scrape(metrics)).toMatchObject({ chappe_held_messages: 4, chappe_consumers: 1 });
    subscription.settle([
      { ...acked!, kind: "ack" },
      { ...acked!, kind: "ack" },
      { ...failed!, kind: "fail" },
      { ...rejected!, kind: "reject" },
    ]);
    expect(await next()).toMatchObject({ attempt: 2 });
    await waitFor(async () => (await scrape(metrics))["chappe_dead_letters_total"] === 1);
    expect(await scrape(metrics)).toMatchObject({
      'chappe_delivered_messages_total{attempt="1"}': 4,
      'chappe_delivered_messages_total{attempt="2"}': 1,
      'chappe_outcomes_total{kind="ack"}': 1,
      'chappe_outcomes_total{kind="fail"}': 1,
      'chappe_outcomes_total{kind="reject"}': 1,
      'chappe_outcomes_total{kind="release"}': 0,
      chappe_refused_outcomes_total: 1,
      chappe_retried_messages_total: 1,
      chappe_held_messages: 2,
    });
    await subscription.close();
    expect(await scrape(metrics)).toMatchObject({
      chappe_held_messages: 0,
      chappe_consumers: 0,
      chappe_crashed_consumers_total: 0,
    });
  });

  it("a consumer that crashes is counted, once, and holds nothing any more", async () => {
    const { metrics, broker } = observed();
    const { subscription, next } = await consumer(broker);
    await send(broker, "x");
    await next();
    subscription.crash();
    subscription.crash();
    expect(await scrape(metrics)).toMatchObject({
      chappe_held_messages: 0,
      chappe_consumers: 0,
      chappe_crashed_consumers_total: 1,
    });
  });

  it("what another instance has taken over is held no more, and neither is what ends with an error", async () => {
    const lease = new ChappeError("ABORTED", "its lease is over");
    const handed = {
      attempt: 1,
      redelivered: false,
      first: 0,
      headerBytes: NO_BYTES,
      records: NO_BYTES,
      suspect: false,
    };
    const delivery = (number: number, count: number): SubscriptionEvent => ({
      kind: "delivery",
      delivery: { number, count, ...handed },
    });
    const scripted: Subscription = {
      epoch: "e1",
      resumed: false,
      grant: () => {},
      settle: () => [],
      begin: () => {},
      renew: () => {},
      drain: () => {},
      close: async () => {},
      crash: () => {},
      async *[Symbol.asyncIterator]() {
        yield delivery(1, 3);
        yield delivery(2, 2);
        yield { kind: "revoked", deliveries: [1, 7] };
        throw lease;
      },
    };
    const broker: Broker = {
      publish: () => Promise.reject(lease),
      subscribe: async () => scripted,
      seek: async () => {},
      ping: async () => {},
      close: async () => {},
    };
    const metrics = createMetrics();
    open.push(metrics);
    const { subscription, events } = await consumer(metrics.observeBroker(broker));
    const held = async () => (await scrape(metrics))["chappe_held_messages"];
    await events.next();
    subscription.settle([{ delivery: 1, first: 0, count: 1, kind: "ack" }]);
    await events.next();
    expect(await held()).toBe(4);
    await events.next();
    expect(await held(), "revoked").toBe(2);
    await expect(events.next()).rejects.toBe(lease);
    expect(await scrape(metrics)).toMatchObject({
      chappe_held_messages: 0,
      chappe_consumers: 0,
      chappe_crashed_consumers_total: 1,
    });
  });

  it("streams are shown by route", async () => {
    const { metrics } = observed();
    metrics.observeStreams("grpc", () => 3);
    expect(await scrape(metrics)).toMatchObject({ 'chappe_streams{route="grpc"}': 3 });
  });
});

describe("what the store holds", () => {
  it("is shown for each subscription: depth, age and dead letters", async () => {
    const { metrics, broker } = observed();
    await send(broker, "x");
    await send(broker, "y");
    const labels = '{address="receiver:b",subscription=""}';
    const values = await scrape(metrics);
    expect(values).toMatchObject({
      chappe_addresses: 1,
      chappe_addresses_measured: 1,
      [`chappe_subscription_depth_messages${labels}`]: 2,
      [`chappe_subscription_dead_letters_total${labels}`]: 0,
      [`chappe_subscription_trimmed_total${labels}`]: 0,
    });
    expect(values[`chappe_subscription_oldest_age_seconds${labels}`]).toBeGreaterThanOrEqual(0);
  });

  it("is shown of as many addresses as asked for, and says how many are left out", async () => {
    const { metrics, broker } = observed({ maxAddresses: 2 });
    for (const name of ["1", "2", "3"]) await send(broker, "x", `receiver:${name}`);
    const values = await scrape(metrics);
    expect(values).toMatchObject({ chappe_addresses: 3, chappe_addresses_measured: 2 });
    expect(Object.keys(values).filter((name) => name.startsWith("chappe_subscription_depth"))).toHaveLength(2);
  });

  it("is asked for once, by however many scrapers", async () => {
    const store = createMemoryBackend().connect() as Store & Inspectable;
    let asked = 0;
    const counting = Object.assign(Object.create(store) as Store & Inspectable, {
      addresses: (limit: number) => (asked++, store.addresses(limit)),
      inspect: (address: string) => store.inspect(address),
    });
    const metrics = createMetrics();
    metrics.observeStore(counting);
    open.push(metrics, store);
    await Promise.all([metrics.text(), metrics.text()]);
    await metrics.text();
    expect(asked).toBe(1);
  });

  it("is left out while the store does not answer, and all else is still shown", async () => {
    const { metrics, broker } = observed();
    await send(broker, "x");
    await broker.close({ deadlineMs: 0 });
    const values = await scrape(metrics);
    expect(values).toMatchObject({ chappe_published_messages_total: 1, chappe_address_measurements_failed_total: 1 });
    expect(Object.keys(values).filter((name) => name.startsWith("chappe_subscription"))).toEqual([]);
    expect(values).not.toHaveProperty("chappe_addresses");
  });

  it("is left out when the store is silent, which the other metrics do not wait for", async () => {
    const store = createMemoryBackend().connect() as Store & Inspectable;
    const silent = Object.assign(Object.create(store) as Store & Inspectable, {
      addresses: () => new Promise<never>(() => {}),
      inspect: (address: string) => store.inspect(address),
    });
    const metrics = createMetrics();
    metrics.observeStore(silent);
    open.push(metrics, store);
    const values = await scrape(metrics);
    expect(values).toMatchObject({ chappe_published_messages_total: 0, chappe_address_measurements_failed_total: 1 });
    expect(values).not.toHaveProperty("chappe_addresses");
  });

  it("is shown of ten subscriptions for each address asked for, and the others are counted", async () => {
    const { metrics, broker } = observed({ maxAddresses: 1 });
    for (let number = 0; number < 12; number++) {
      await broker.subscribe({ address: "topic:t", subscription: `s${number}`, consumer: "c" });
    }
    const values = await scrape(metrics);
    expect(values).toMatchObject({ chappe_addresses_measured: 1, chappe_subscriptions_left_out: 2 });
    expect(Object.keys(values).filter((name) => name.startsWith("chappe_subscription_depth"))).toHaveLength(10);
  });

  it("is not asked for at all when no address shall be shown", async () => {
    const { metrics } = observed({ maxAddresses: 0 });
    expect(await metrics.text()).not.toContain("chappe_address");
  });
});

it("the process is shown, and no two metrics share anything", async () => {
  const { metrics } = observed({ version: "1.2.3" });
  const values = await scrape(metrics);
  expect(values).toMatchObject({ [`chappe_build_info{version="1.2.3",node="${process.version}"}`]: 1 });
  expect(values["process_resident_memory_bytes"]).toBeGreaterThan(1e6);
  expect(values['chappe_event_loop_delay_seconds{quantile="0.99"}']).toBeGreaterThanOrEqual(0);
  const { broker } = observed();
  await send(broker, "x");
  expect(await scrape(metrics)).toMatchObject({ chappe_published_messages_total: 0 });
});

it("a round trip that fails is not measured, and fails for its caller alone", async () => {
  const away = new ChappeError("UNAVAILABLE", "away");
  const store = createMemoryBackend().connect();
  const metrics = createMetrics();
  open.push(metrics, store);
  const broken = Object.assign(Object.create(store) as Store, { ping: () => Promise.reject(away) });
  await expect(metrics.observeStore(broken).ping()).rejects.toBe(away);
  expect(await scrape(metrics)).not.toHaveProperty('chappe_store_seconds_count{call="ping"}');
});
