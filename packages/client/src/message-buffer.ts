import { Fifo } from "./fifo.ts";
import type { HeldDelivery } from "./held-delivery.ts";
import { ReceivedMessage } from "./received-message.ts";

/** Messages that were delivered and that nobody has taken up yet. They become objects one by one, as they are taken. */
export class MessageBuffer {
  readonly #deliveries = new Fifo<HeldDelivery>();
  /** Those with an ordering key of which a message was taken, and has its outcome. */
  readonly #goingOn = new Fifo<HeldDelivery>();

  push(delivery: HeldDelivery): void {
    this.#deliveries.push(delivery);
  }

  /**
   * The next message that is still this consumer's.
   *
   * @param isAlone whether one taker handles one after the other. Otherwise a message with an ordering key is not taken
   * before the one before it has its outcome: a router hands out no two deliveries of one key at a time
   */
  take(isAlone: boolean): ReceivedMessage | undefined {
    for (;;) {
      const queue = this.#goingOn.length > 0 ? this.#goingOn : this.#deliveries;
      const delivery = queue.peek();
      if (delivery === undefined) return undefined;
      if (delivery.hasNext && (isAlone || !delivery.isOrdered)) {
        return new ReceivedMessage(delivery, delivery.takeNext());
      }
      queue.shift();
      if (!delivery.hasNext) continue;
      delivery.onTurn = () => this.#goingOn.push(delivery);
      if (!delivery.isBusy) return new ReceivedMessage(delivery, delivery.takeNext());
    }
  }

  /** Forgets all messages that were not taken. */
  clear(): void {
    this.#deliveries.drain();
    this.#goingOn.drain();
  }
}
