import type { RetryPolicy } from "@chappe/message";
import type { Broker, SubscribeOptions } from "../broker.ts";
import type { Clock } from "../clock.ts";
import { type BrokerOptions, createBroker } from "../create-broker.ts";
import type { Schedulable } from "../schedulable.ts";
import type { Store } from "../store.ts";
import type { Harness } from "./harness.ts";
import { Reader } from "./reader.ts";

/** Small, so that a store that lives in real time is soon done. */
export const STAGE_RETRY_POLICY: RetryPolicy = { maxAttempts: 3, minDelayMs: 40, maxDelayMs: 100 };

/** How often the stage's brokers look round. */
const STAGE_SWEEP_MS = 50;

const STEP_MS = 10;
const PATIENCE_CLOCK_MS = 60_000;
const PATIENCE_REAL_MS = 10_000;

/** What a case does to the store of a broker before the broker gets it. */
export type StoreWrapper = (store: Store) => Store;

/** A broker, and the store instance beneath it. */
export interface StagedBroker {
  readonly broker: Broker & Schedulable;
  readonly store: Store;
}

/** Where one case plays: it makes stores, brokers and readers, lets time pass, and clears everything away at the end. */
export class Stage implements AsyncDisposable {
  /** How many random schedules to play. */
  readonly schedules: number;
  readonly #harness: Harness;
  readonly #brokers: Broker[] = [];
  readonly #stores: Store[] = [];

  constructor(harness: Harness, schedules: number) {
    this.#harness = harness;
    this.schedules = schedules;
  }

  get clock(): Clock {
    return this.#harness.clock;
  }

  /** A new instance of the store. */
  async connect(): Promise<Store> {
    const store = await this.#harness.connect();
    this.#stores.push(store);
    return store;
  }

  /** A new broker on an instance of its own. */
  async broker(
    options: Pick<BrokerOptions, "retryPolicy" | "expired"> & { readonly wrap?: StoreWrapper } = {},
  ): Promise<StagedBroker> {
    const store = await this.#harness.connect();
    const { wrap = (same) => same, retryPolicy = STAGE_RETRY_POLICY, expired = "dead-letter" } = options;
    const broker = createBroker({
      store: wrap(store),
      clock: this.#harness.clock,
      retryPolicy,
      expired,
      sweepMs: STAGE_SWEEP_MS,
      // Always the longest delay, so that a case can tell when a retry may come at the earliest.
      random: () => 1 - Number.EPSILON,
    });
    this.#brokers.push(broker);
    return { broker, store };
  }

  /** Joins a subscription, without credit. */
  async reader(broker: Broker, options: Partial<SubscribeOptions> = {}): Promise<Reader> {
    const defaults = { address: "receiver:receiver-01", subscription: "", consumer: "consumer-01" };
    return new Reader(await this.finish(broker.subscribe({ ...defaults, ...options })));
  }

  /** Makes an instance die without a word, and waits until others may have what it owned. */
  kill(store: Store): Promise<void> {
    return this.#harness.kill(store);
  }

  /** Makes an instance look dead while its calls still work. */
  async suspend(store: Store): Promise<void> {
    if (this.#harness.suspend === undefined) throw missing("suspend");
    await this.#harness.suspend(store);
  }

  /** The store comes back empty. */
  async wipe(): Promise<void> {
    if (this.#harness.wipe === undefined) throw missing("wipe");
    await this.#harness.wipe();
  }

  /** Lets time pass. */
  advance(ms: number): Promise<void> {
    return this.#harness.advance(ms);
  }

  /** Lets everything happen that would happen by itself: wake-ups, look-rounds. For cases in which nothing must happen. */
  calm(): Promise<void> {
    return this.#harness.advance(3 * STAGE_SWEEP_MS);
  }

  /** Lets time pass until `condition` gives something. @throws Error naming `what` when it never does */
  async until<Value>(what: string, condition: () => Value | Promise<Value>): Promise<NonNullable<Value>> {
    const clockEnd = this.clock.now() + PATIENCE_CLOCK_MS;
    const realEnd = performance.now() + PATIENCE_REAL_MS;
    for (;;) {
      const value = await condition();
      if (value !== undefined && value !== null && value !== false) return value;
      if (this.clock.now() > clockEnd || performance.now() > realEnd) throw new Error(`gave up waiting until ${what}`);
      await this.#harness.advance(STEP_MS);
    }
  }

  /** Lets time pass until `promise` is settled, and gives its result. */
  async finish<Value>(promise: Promise<Value>): Promise<Value> {
    let settled = false;
    const note = () => {
      settled = true;
    };
    promise.then(note, note);
    await this.until("a promise is settled", () => settled);
    return promise;
  }

  /** Closes every broker, also those whose instance was killed: they would go on asking their store for ever. */
  async closeBrokers(): Promise<void> {
    await Promise.all(this.#brokers.splice(0).map((broker) => this.finish(broker.close({ deadlineMs: 0 }))));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.closeBrokers();
    await Promise.all(this.#stores.map((store) => store.close()));
    await this.#harness[Symbol.asyncDispose]();
  }
}

function missing(what: string): Error {
  return new Error(`the harness declares a feature for which it has no "${what}"`);
}
