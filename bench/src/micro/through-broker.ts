import { randomBytes } from "node:crypto";
import type { Broker } from "@chappe/broker";
import { type Batch, withProducer } from "@chappe/message";
import { filledBatch } from "./filled-batch.ts";

/** Sends one batch through a broker in this process: publish, delivery, acks. */
export interface ThroughBroker extends AsyncDisposable {
  /** How many messages the batch has. */
  readonly messages: number;
  /** Resolves when every message of a further batch was handed out and acked. */
  once(): Promise<void>;
}

/** Subscribes to a receiver of its own, and gets a batch of bodies of 100 bytes ready for it. */
export async function throughBroker(broker: Broker, messages: number): Promise<ThroughBroker> {
  const address = `receiver:bench-${randomBytes(6).toString("hex")}`;
  const batch = filledBatch(Buffer.alloc(100, "x"), address, messages);
  const producer = randomBytes(16);
  const subscription = await broker.subscribe({ address, subscription: "", consumer: "bench" });
  const grant = { messages: batch.header.count, bytes: batch.records.length };
  let handled = 0;
  let allHandled = () => {};
  const reading = (async () => {
    for await (const event of subscription) {
      if (event.kind !== "delivery") continue;
      const { number, count } = event.delivery;
      subscription.settle([{ delivery: number, first: 0, count, kind: "ack" }]);
      handled += count;
      if (handled === batch.header.count) allHandled();
    }
  })();
  let sequence = 0;
  const next = (): Batch => withProducer(batch, producer, ++sequence);
  return {
    messages: batch.header.count,
    async once() {
      handled = 0;
      const done = new Promise<void>((resolve) => (allHandled = resolve));
      subscription.grant(grant);
      await Promise.all([broker.publish(next()), done]);
    },
    async [Symbol.asyncDispose]() {
      await subscription.close();
      await reading;
    },
  };
}
