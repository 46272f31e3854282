import {
  type Broker,
  type Durability,
  type Interruptible,
  isInterruptible,
  isSchedulable,
  type Receipt,
  type Schedulable,
  type StartFrom,
  type SubscribeOptions,
  type Subscription,
  type SubscriptionName,
} from "@chappe/broker";
import { type Batch, ChappeError } from "@chappe/message";
import { ObservedSubscription } from "./observed-subscription.ts";
import type { Traffic } from "./traffic.ts";

/** A broker that counts what passes through it, a few additions for each batch. */
export class ObservedBroker implements Broker {
  /** There where the broker has it. */
  readonly cancel?: Schedulable["cancel"];
  readonly onInterrupted?: Interruptible["onInterrupted"];
  readonly #broker: Broker;
  readonly #traffic: Traffic;
  readonly #onBatch: (messages: number) => void;

  /** @param onBatch told the size of each batch that was stored */
  constructor(broker: Broker, traffic: Traffic, onBatch: (messages: number) => void) {
    this.#broker = broker;
    if (isInterruptible(broker)) this.onInterrupted = (listener) => broker.onInterrupted(listener);
    if (isSchedulable(broker)) this.cancel = (...message) => broker.cancel(...message);
    this.#traffic = traffic;
    this.#onBatch = onBatch;
  }

  publish(batch: Batch, options?: { readonly durability?: Durability }): Promise<Receipt> {
    const traffic = this.#traffic;
    traffic.unansweredBatches++;
    const receipt = this.#broker.publish(batch, options);
    // Beside the caller, who gets the broker's own promise.
    receipt.then(
      ({ duplicate }) => {
        traffic.unansweredBatches--;
        traffic.notePublished(batch.header.count, batch.records.length, duplicate);
        if (!duplicate) this.#onBatch(batch.header.count);
      },
      (error: unknown) => {
        traffic.unansweredBatches--;
        traffic.noteFailed(ChappeError.from(error).code);
      },
    );
    return receipt;
  }

  async subscribe(options: SubscribeOptions): Promise<Subscription> {
    return new ObservedSubscription(await this.#broker.subscribe(options), this.#traffic);
  }

  seek(name: SubscriptionName, position: StartFrom): Promise<void> {
    return this.#broker.seek(name, position);
  }

  ping(): Promise<void> {
    return this.#broker.ping();
  }

  close(options?: { readonly deadlineMs?: number }): Promise<void> {
    return this.#broker.close(options);
  }
}
