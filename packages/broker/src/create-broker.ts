import {
  type Batch,
  ChappeError,
  checkId,
  checkName,
  checkStartFrom,
  DEFAULT_RETRY_POLICY,
  parseAddress,
  type Durability,
  type RetryPolicy,
  type StartFrom,
} from "@chappe/message";
import type { Broker, Receipt, SubscribeOptions, Subscription } from "./broker.ts";
import { checkExpired, checkRetryPolicy, checkSweepMs } from "./check-broker-options.ts";
import { type Clock, systemClock } from "./clock.ts";
import { ConsumerSubscription } from "./consumer-subscription.ts";
import type { ExpiredPolicy } from "./held-entry.ts";
import { type Interruptible, isInterruptible } from "./interruptible.ts";
import { isSchedulable, type Schedulable } from "./schedulable.ts";
import { PublishQueue } from "./publish-queue.ts";
import { isReplayable, type Store, type SubscriptionName } from "./store.ts";
import { SubscriptionDriver } from "./subscription-driver.ts";
import { subscriptionText } from "./subscription-text.ts";

/** At most this many look-rounds a second in all, so that ten thousand idle subscriptions cost next to nothing. */
const MAX_SWEEPS_PER_SECOND = 500;

/** How to make a broker. */
export interface BrokerOptions {
  /** Where batches are kept. The broker closes it. */
  readonly store: Store;
  /** @default the machine's clock */
  readonly clock?: Clock;
  /** When failed messages are tried again, and how often. @default 5 attempts, 1 s to 10 min */
  readonly retryPolicy?: RetryPolicy;
  /**
   * What becomes of a message past its `ttlMs` when it would be handed out: it goes to the dead letters of its
   * subscription, with its reason, or is dropped and counted.
   *
   * @default "dead-letter"
   */
  readonly expired?: ExpiredPolicy;
  /**
   * How often each subscription looks round for what wake-ups missed and what other instances left behind. Longer where
   * there are more than 500 subscriptions.
   *
   * @default 1000
   */
  readonly sweepMs?: number;
  /** 0 ≤ random() < 1, for jitter. @default Math.random */
  readonly random?: () => number;
  /**
   * Told how many bytes of batches went to the store or came from it, once for each call of the store: for programs that
   * look after the memory of what passes. It must not throw.
   */
  readonly onBytes?: (bytes: number) => void;
}

/** Makes a broker on a store. @throws ChappeError INVALID_ARGUMENT for an option that cannot be */
export function createBroker(options: BrokerOptions): Broker & Schedulable & Interruptible {
  return new EngineBroker(options);
}

interface OpenSubscription {
  readonly driver: Promise<SubscriptionDriver>;
  /** Resolves when the last consumer has left and the store knows all. */
  readonly idle: Promise<void>;
}

class EngineBroker implements Broker, Schedulable, Interruptible {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #retryPolicy: RetryPolicy;
  readonly #expired: ExpiredPolicy;
  readonly #random: () => number;
  readonly #sweepMs: number;
  readonly #onBytes: (bytes: number) => void;
  readonly #publishes: PublishQueue;
  readonly #open = new Map<string, OpenSubscription>();
  readonly #drivers = new Map<string, Set<SubscriptionDriver>>();
  #closing: Promise<void> | undefined;

  constructor(options: BrokerOptions) {
    this.#store = options.store;
    this.#clock = options.clock ?? systemClock;
    this.#retryPolicy = checkRetryPolicy(options.retryPolicy ?? DEFAULT_RETRY_POLICY);
    this.#expired = checkExpired(options.expired ?? "dead-letter");
    this.#sweepMs = checkSweepMs(options.sweepMs ?? 1_000);
    this.#random = options.random ?? Math.random;
    this.#onBytes = options.onBytes ?? (() => {});
    this.#publishes = new PublishQueue({
      store: this.#store,
      now: () => this.#clock.now(),
      onAppend: (address) => this.#wake(address),
      onDelayed: (address, atMs) => this.#lookRoundAt(address, atMs),
      onBytes: this.#onBytes,
    });
  }

  publish(batch: Batch, options?: { readonly durability?: Durability }): Promise<Receipt> {
    if (this.#closing !== undefined) return Promise.reject(closingError());
    return this.#publishes.add(batch, options?.durability ?? "accepted");
  }

  async cancel(address: string, sender: string, id: string): Promise<boolean> {
    parseAddress(address);
    checkName(sender, "sender");
    checkId(id);
    this.#checkOpen();
    if (isSchedulable(this.#store)) return this.#store.cancel(address, sender, id);
    throw new ChappeError("UNIMPLEMENTED", "this store keeps no delayed messages: there is nothing to cancel");
  }

  onInterrupted(listener: () => void): () => void {
    return isInterruptible(this.#store) ? this.#store.onInterrupted(listener) : () => {};
  }

  async subscribe(options: SubscribeOptions): Promise<Subscription> {
    checkSubscribeOptions(options);
    const key = keyOf(options);
    for (;;) {
      this.#checkOpen();
      let open = this.#open.get(key);
      const isFirst = open === undefined;
      if (open === undefined) {
        open = this.#openSubscription(key, options);
        this.#open.set(key, open);
      }
      const driver = await open.driver;
      this.#checkOpen();
      if (!driver.stopped) {
        checkSameSharing(options, driver.singleActive);
        const { consumer, leaseMs = Number.POSITIVE_INFINITY, beginsSuspects = false } = options;
        const identity = { name: consumer, leaseMs, beginsSuspects };
        return new ConsumerSubscription(driver, this.#clock, identity, !(isFirst && driver.created));
      }
      await open.idle;
    }
  }

  async seek(name: SubscriptionName, position: StartFrom): Promise<void> {
    this.#checkOpen();
    if (parseAddress(name.address).kind !== "topic") {
      const problem = `${name.address}: a receiver's queue keeps nothing that was settled; only topics can be read again`;
      throw new ChappeError("FAILED_PRECONDITION", problem);
    }
    checkName(name.subscription, "subscription");
    const checked = checkStartFrom(position);
    if (!isReplayable(this.#store)) throw new ChappeError("UNIMPLEMENTED", "this store cannot read again");
    await this.#store.seek(name, checked);
    // Whoever cannot join hears of it himself.
    const driver = await this.#open.get(keyOf(name))?.driver.catch(() => undefined);
    await driver?.look();
  }

  ping(): Promise<void> {
    return this.#store.ping();
  }

  close(options: { readonly deadlineMs?: number } = {}): Promise<void> {
    this.#closing ??= this.#close(options.deadlineMs ?? 25_000);
    return this.#closing;
  }

  async #close(deadlineMs: number): Promise<void> {
    const drivers = [...this.#drivers.values()].flatMap((set) => [...set]);
    for (const driver of drivers) driver.drainAll();
    const deadline = this.#clock.now() + deadlineMs;
    while (drivers.some((driver) => driver.busy) && this.#clock.now() < deadline) await this.#sleep(20);
    const closed = Promise.all([this.#publishes.idle(), ...drivers.map((driver) => driver.close())]);
    // The store gets a moment of its own to hear of the last outcomes, even where the deadline has passed.
    const timeout = Promise.withResolvers<void>();
    const timer = this.#clock.setTimeout(timeout.resolve, Math.max(1_000, deadline - this.#clock.now()));
    await Promise.race([closed, timeout.promise]);
    this.#clock.clearTimeout(timer);
    for (const driver of drivers) driver.abandon();
    await this.#store.close();
  }

  #openSubscription(key: string, options: SubscribeOptions): OpenSubscription {
    const { address, subscription } = options;
    const name = { address, subscription };
    const idle = Promise.withResolvers<void>();
    const unwatch = this.#store.watch(address, () => this.#wake(address), subscription);
    const forget = (): void => {
      unwatch();
      this.#open.delete(key);
      idle.resolve();
    };
    const open = async (): Promise<SubscriptionDriver> => {
      const opening = await this.#store.open(name, options.startFrom ?? "latest");
      // Nobody would end a driver that is made from now on.
      this.#checkOpen();
      const driver: SubscriptionDriver = new SubscriptionDriver(
        {
          name,
          store: this.#store,
          clock: this.#clock,
          retryPolicy: this.#retryPolicy,
          expired: this.#expired,
          random: this.#random,
          singleActive: options.singleActive ?? false,
          onBytes: this.#onBytes,
          sweepMs: () => Math.max(this.#sweepMs, (this.#open.size * 1_000) / MAX_SWEEPS_PER_SECOND),
          onIdle: () => {
            this.#forgetDriver(address, driver);
            forget();
          },
        },
        opening,
      );
      let drivers = this.#drivers.get(address);
      if (drivers === undefined) this.#drivers.set(address, (drivers = new Set()));
      drivers.add(driver);
      return driver;
    };
    const driver = open();
    driver.catch(forget);
    return { driver, idle: idle.promise };
  }

  #forgetDriver(address: string, driver: SubscriptionDriver): void {
    const drivers = this.#drivers.get(address);
    drivers?.delete(driver);
    if (drivers?.size === 0) this.#drivers.delete(address);
  }

  #wake(address: string): void {
    const drivers = this.#drivers.get(address);
    if (drivers !== undefined) for (const driver of drivers) driver.wake();
  }

  #lookRoundAt(address: string, atMs: number): void {
    const drivers = this.#drivers.get(address);
    if (drivers !== undefined) for (const driver of drivers) driver.lookRoundIn(atMs - this.#clock.now());
  }

  /** @throws ChappeError UNAVAILABLE when it is not open any more */
  #checkOpen(): void {
    if (this.#closing !== undefined) throw closingError();
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.#clock.setTimeout(resolve, ms));
  }
}

function keyOf({ address, subscription }: SubscriptionName): string {
  return `${address} ${subscription}`;
}

function checkSubscribeOptions({ address, subscription, consumer, startFrom }: SubscribeOptions): void {
  const { kind } = parseAddress(address);
  checkName(consumer, "consumer");
  if (startFrom !== undefined) checkStartFrom(startFrom);
  if (kind === "topic") checkName(subscription, "subscription");
  else if (subscription !== "") {
    throw new ChappeError(
      "INVALID_ARGUMENT",
      `subscription "${subscription}": ${address} has just one, without a name; leave it empty`,
    );
  }
}

function checkSameSharing({ singleActive = false, ...name }: SubscribeOptions, isSingle: boolean): void {
  if (singleActive === isSingle) return;
  throw new ChappeError(
    "FAILED_PRECONDITION",
    `singleActive ${singleActive}: the consumers of ${subscriptionText(name)} have ${isSingle}; all must have the same`,
  );
}

function closingError(): ChappeError {
  return new ChappeError("UNAVAILABLE", "the broker is closing");
}
