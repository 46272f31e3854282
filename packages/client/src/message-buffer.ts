import { Fifo } from "./fifo.ts";
import type { HeldDelivery } from "./held-delivery.ts";
import { ReceivedMessage } from "./received-message.ts";

/** Messages that were delivered and that nobody has taken up yet. They become objects one by one, as they are taken. */
export class MessageBuffer {
  readonly #deliveries = new Fifo<HeldDelivery>();
  /** Index of the next message within the oldest delivery. */
  #next = 0;

  push(delivery: HeldDelivery): void {
    this.#deliveries.push(delivery);
  }

  /** The next message that is still this consumer's. */
  take(): ReceivedMessage | undefined {
    for (;;) {
      const delivery = this.#deliveries.peek();
      if (delivery === undefined) return undefined;
      if (this.#next < delivery.count && !delivery.isLost) return new ReceivedMessage(delivery, this.#next++);
      this.#deliveries.shift();
      this.#next = 0;
    }
  }

  /** Forgets all messages that were not taken. */
  clear(): void {
    this.#deliveries.drain();
    this.#next = 0;
  }
}
