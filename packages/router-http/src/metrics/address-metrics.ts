import type { AddressState, Inspectable } from "@chappe/broker";
import type { Registry } from "prom-client";
import { answerWithin } from "../answer-within.ts";
import { type LabeledReading, readCounter, readGauge } from "./read-metric.ts";

/** However often it is scraped, and by however many, the store is asked no more often than this. */
const MIN_INTERVAL_MS = 5_000;

/** Messages must not wait behind a thousand questions. */
const ADDRESSES_AT_ONCE = 50;

/** Prometheus gives a scrape up after 10 s: while a store hangs, what it holds shall be missing, and nothing else. */
const MEASURING_MS = 1_000;

/** So many on average: one topic with thousands of subscriptions must not flood the monitoring. */
const SUBSCRIPTIONS_PER_ADDRESS = 10;

interface Measurement {
  readonly total: number;
  readonly measured: number;
  readonly delayed: readonly LabeledReading[];
  readonly shown: readonly MeasuredSubscription[];
  readonly leftOut: number;
}

type MeasuredSubscription = AddressState["subscriptions"][number] & { readonly address: string };

/** What the store holds at each address, up to so many of them: measured when somebody scrapes, and not waited for long. */
export class AddressMetrics {
  readonly #store: Inspectable;
  readonly #maxAddresses: number;
  #measurement: Promise<Measurement> | undefined;
  #failures = 0;

  constructor(store: Inspectable, maxAddresses: number) {
    this.#store = store;
    this.#maxAddresses = maxAddresses;
  }

  register(registry: Registry): void {
    const labelNames = ["address", "subscription"] as const;
    readGauge(registry, {
      name: "chappe_addresses",
      help: "Addresses in the store.",
      read: async () => (await this.#measured())?.total ?? [],
    });
    readGauge(registry, {
      name: "chappe_addresses_measured",
      help: "Addresses that the chappe_subscription_… metrics show; the others are left out.",
      read: async () => (await this.#measured())?.measured ?? [],
    });
    readGauge(registry, {
      name: "chappe_subscriptions_left_out",
      help: "Subscriptions of measured addresses that the chappe_subscription_… metrics do not show, for they are too many.",
      read: async () => (await this.#measured())?.leftOut ?? [],
    });
    readCounter(registry, {
      name: "chappe_address_measurements_failed_total",
      help: "Times that the store did not answer what it holds, or not within a second.",
      read: async () => {
        await this.#measured();
        return this.#failures;
      },
    });
    readGauge(registry, {
      name: "chappe_delayed_messages",
      help: "Messages that wait for their time, by address.",
      labelNames: ["address"],
      read: async () => [...((await this.#measured())?.delayed ?? [])],
    });
    readGauge(registry, {
      name: "chappe_subscription_depth_messages",
      help: "Messages not settled yet: waiting, held, or due later.",
      labelNames,
      read: () => this.#each(({ depth }) => depth),
    });
    readGauge(registry, {
      name: "chappe_subscription_oldest_age_seconds",
      help: "How long ago the oldest message that is held, or could be handed out, was stored or fell due; 0 without one.",
      labelNames,
      read: () => this.#each(({ oldestAgeMs = 0 }) => oldestAgeMs / 1_000),
    });
    readCounter(registry, {
      name: "chappe_subscription_dead_letters_total",
      help: "Messages that went to the dead letters, through any router.",
      labelNames,
      read: () => this.#each(({ dead }) => dead),
    });
    readCounter(registry, {
      name: "chappe_subscription_expired_total",
      help: "Messages past their time that were dropped, through any router.",
      labelNames,
      read: () => this.#each(({ expired }) => expired),
    });
    readCounter(registry, {
      name: "chappe_subscription_trimmed_total",
      help: "Messages that went past their topic's retention before they had an outcome in the subscription.",
      labelNames,
      read: () => this.#each(({ trimmed }) => trimmed),
    });
  }

  async #each(read: (state: MeasuredSubscription) => number): Promise<LabeledReading[]> {
    const { shown = [] } = (await this.#measured()) ?? {};
    return shown.map((state) => ({
      labels: { address: state.address, subscription: state.subscription },
      value: read(state),
    }));
  }

  /** Undefined while the store does not answer: what it held before would be a lie. */
  async #measured(): Promise<Measurement | undefined> {
    if (this.#measurement === undefined) {
      this.#measurement = answerWithin(this.#measure(), MEASURING_MS, "the store did not tell what it holds");
      setTimeout(() => (this.#measurement = undefined), MIN_INTERVAL_MS).unref();
      this.#measurement.catch(() => this.#failures++);
    }
    return this.#measurement.catch(() => undefined);
  }

  async #measure(): Promise<Measurement> {
    const { total, addresses } = await this.#store.addresses(this.#maxAddresses);
    const states: AddressState[] = [];
    for (let at = 0; at < addresses.length; at += ADDRESSES_AT_ONCE) {
      const some = addresses.slice(at, at + ADDRESSES_AT_ONCE).map((address) => this.#store.inspect(address));
      for (const state of await Promise.all(some)) if (state !== undefined) states.push(state);
    }
    const all = states.flatMap(({ address, subscriptions }) => subscriptions.map((state) => ({ ...state, address })));
    const shown = all.slice(0, SUBSCRIPTIONS_PER_ADDRESS * this.#maxAddresses);
    const delayed = states.map(({ address, delayed: value }) => ({ labels: { address }, value }));
    return { total, measured: states.length, delayed, shown, leftOut: all.length - shown.length };
  }
}
