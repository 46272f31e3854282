import type { Credit, Outcome, RefusedOutcome, Subscription, SubscriptionEvent } from "@chappe/broker";
import type { Traffic } from "./traffic.ts";

/** A subscription that counts what its consumer is handed, holds and settles. */
export class ObservedSubscription implements Subscription {
  readonly epoch: string;
  readonly resumed: boolean;
  readonly #subscription: Subscription;
  readonly #traffic: Traffic;
  /** Messages of each delivery that have no outcome yet. */
  readonly #held = new Map<number, number>();
  #ended = false;

  constructor(subscription: Subscription, traffic: Traffic) {
    this.epoch = subscription.epoch;
    this.resumed = subscription.resumed;
    this.#subscription = subscription;
    this.#traffic = traffic;
    traffic.consumers++;
  }

  grant(credit: Credit): void {
    this.#subscription.grant(credit);
  }

  settle(outcomes: readonly Outcome[]): readonly RefusedOutcome[] {
    const refused = this.#subscription.settle(outcomes);
    if (refused.length === 0) {
      for (const outcome of outcomes) this.#noteSettled(outcome);
      return refused;
    }
    const without = new Set(refused.map(({ outcome }) => outcome));
    this.#traffic.refusedOutcomes += refused.length;
    for (const outcome of outcomes) if (!without.has(outcome)) this.#noteSettled(outcome);
    return refused;
  }

  begin(deliveries: readonly number[]): void {
    this.#subscription.begin(deliveries);
  }

  renew(): void {
    this.#subscription.renew();
  }

  drain(): void {
    this.#subscription.drain();
  }

  close(): Promise<void> {
    this.#end();
    return this.#subscription.close();
  }

  crash(): void {
    if (!this.#ended) this.#traffic.crashedConsumers++;
    this.#end();
    this.#subscription.crash();
  }

  [Symbol.asyncIterator](): AsyncIterator<SubscriptionEvent, undefined> {
    const events = this.#subscription[Symbol.asyncIterator]();
    return {
      next: () => {
        const next = events.next();
        // Beside the consumer, who gets the broker's own promise.
        next.then(
          ({ done, value }) => (done ? this.#end() : this.#note(value)),
          // The broker has ended it, as when its lease is over.
          () => {
            if (!this.#ended) this.#traffic.crashedConsumers++;
            this.#end();
          },
        );
        return next;
      },
    };
  }

  #note(event: SubscriptionEvent): void {
    if (event.kind === "revoked") {
      for (const number of event.deliveries) this.#forget(number, this.#held.get(number) ?? 0);
    } else if (event.kind === "epoch") {
      this.#traffic.epochChanges++;
    } else if (event.kind === "delivery" && !this.#ended) {
      const { number, attempt, count, records } = event.delivery;
      this.#held.set(number, count);
      this.#traffic.noteDelivered(attempt, count, records.length);
    }
  }

  #noteSettled({ delivery, count, kind }: Outcome): void {
    this.#traffic.outcomes[kind] += count;
    this.#forget(delivery, count);
  }

  #forget(delivery: number, messages: number): void {
    const held = this.#held.get(delivery);
    if (held === undefined) return;
    if (held > messages) this.#held.set(delivery, held - messages);
    else this.#held.delete(delivery);
    this.#traffic.heldMessages -= messages;
  }

  /** The consumer is gone: what it held is held no more. */
  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#traffic.consumers--;
    for (const messages of this.#held.values()) this.#traffic.heldMessages -= messages;
    this.#held.clear();
  }
}
