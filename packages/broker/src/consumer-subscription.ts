import type { ChappeError } from "@chappe/message";
import type { Credit, Delivery, Outcome, RefusedOutcome, Subscription, SubscriptionEvent } from "./broker.ts";
import type { Clock } from "./clock.ts";
import type { Consumer, ConsumerIdentity, ConsumerSink } from "./consumer.ts";
import type { SubscriptionDriver } from "./subscription-driver.ts";

/** The events of one consumer, between the driver that makes them and the iteration that takes them. */
class EventQueue implements ConsumerSink, AsyncIterator<SubscriptionEvent, undefined> {
  #events: SubscriptionEvent[] = [];
  #ended = false;
  #error: ChappeError | undefined;
  #waiting: ((result: IteratorResult<SubscriptionEvent, undefined> | Promise<never>) => void) | undefined;

  deliver(delivery: Delivery): void {
    this.#put({ kind: "delivery", delivery });
  }

  revoke(deliveries: readonly number[]): void {
    this.#put({ kind: "revoked", deliveries });
  }

  epoch(epoch: string): void {
    this.#put({ kind: "epoch", epoch });
  }

  end(error?: ChappeError): void {
    // What was handed out and not taken is given back, or counted, by the dispatcher already.
    this.#events = [];
    this.#ended = true;
    this.#error = error;
    this.#waiting?.(this.#last());
    this.#waiting = undefined;
  }

  next(): Promise<IteratorResult<SubscriptionEvent, undefined>> {
    const value = this.#events.shift();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    if (this.#ended) return Promise.resolve(this.#last());
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  #put(event: SubscriptionEvent): void {
    if (this.#ended) return;
    if (this.#waiting === undefined) {
      this.#events.push(event);
      return;
    }
    this.#waiting({ done: false, value: event });
    this.#waiting = undefined;
  }

  #last(): IteratorReturnResult<undefined> | Promise<never> {
    if (this.#error === undefined) return { done: true, value: undefined };
    const error = this.#error;
    this.#error = undefined;
    return Promise.reject(error);
  }
}

/** A {@link Subscription} on a driver in this process. */
export class ConsumerSubscription implements Subscription {
  readonly epoch: string;
  readonly resumed: boolean;
  readonly #driver: SubscriptionDriver;
  readonly #clock: Clock;
  readonly #consumer: Consumer;
  readonly #events = new EventQueue();

  constructor(driver: SubscriptionDriver, clock: Clock, identity: ConsumerIdentity, resumed: boolean) {
    this.epoch = driver.epoch;
    this.resumed = resumed;
    this.#driver = driver;
    this.#clock = clock;
    this.#consumer = driver.join(identity, this.#events);
  }

  grant(credit: Credit): void {
    this.renew();
    this.#driver.grant(this.#consumer, credit);
  }

  settle(outcomes: readonly Outcome[]): readonly RefusedOutcome[] {
    this.renew();
    return this.#driver.settle(this.#consumer, outcomes);
  }

  begin(deliveries: readonly number[]): void {
    this.renew();
    this.#consumer.begin(deliveries);
  }

  renew(): void {
    this.#consumer.lastSignMs = this.#clock.now();
  }

  drain(): void {
    this.#driver.drain(this.#consumer);
  }

  close(): Promise<void> {
    return this.#driver.leave(this.#consumer, "closed");
  }

  crash(): void {
    void this.#driver.leave(this.#consumer, "crashed");
  }

  [Symbol.asyncIterator](): AsyncIterator<SubscriptionEvent, undefined> {
    return this.#events;
  }
}
