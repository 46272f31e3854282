import type { AddressState, Inspectable } from "@chappe/broker";
import type { Registry } from "prom-client";
import { type LabeledReading, readCounter, readGauge } from "./read-metric.ts";

/** However often it is scraped, and by however many, the store is asked no more often than this. */
const MIN_INTERVAL_MS = 5_000;

/** Messages must not wait behind a thousand questions. */
const ADDRESSES_AT_ONCE = 50;

interface Measurement {
  readonly total: number;
  readonly states: readonly AddressState[];
}

/** What the store holds at each address, up to so many of them: measured when somebody scrapes. */
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
      read: async () => (await this.#measured())?.states.length ?? [],
    });
    readCounter(registry, {
      name: "chappe_address_measurements_failed_total",
      help: "Times that the store did not answer what it holds.",
      read: async () => {
        await this.#measured();
        return this.#failures;
      },
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
  }

  async #each(read: (state: AddressState["subscriptions"][number]) => number): Promise<LabeledReading[]> {
    const { states = [] } = (await this.#measured()) ?? {};
    return states.flatMap(({ address, subscriptions }) =>
      subscriptions.map((state) => ({
        labels: { address, subscription: state.subscription },
        value: read(state),
      })),
    );
  }

  /** Undefined while the store does not answer: what it held before would be a lie. */
  async #measured(): Promise<Measurement | undefined> {
    if (this.#measurement === undefined) {
      this.#measurement = this.#measure();
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
    return { total, states };
  }
}
