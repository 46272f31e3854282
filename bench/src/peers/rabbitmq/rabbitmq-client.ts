/** RabbitMQ, as the programs under measurement use it: AMQP 0-9-1. */
import { connect, type ConsumeMessage } from "amqplib";
import type { SystemClient } from "../../end-to-end/system-client.ts";
import { PREFETCH } from "./rabbitmq-settings.ts";

/** Declared by the receiver, which starts first. */
const QUEUE = "messages";

const socketOptions = { noDelay: true };

export const client: SystemClient = {
  async openSender([address = ""]) {
    const connection = await connect(address, socketOptions);
    const channel = await connection.createConfirmChannel();
    const properties = { persistent: true };
    return {
      send: (_, body) =>
        new Promise<void>((resolve, reject) => {
          channel.publish("", QUEUE, body, properties, (error: Error | null) => {
            if (error === null) resolve();
            else reject(error);
          });
        }),
      close: () => connection.close(),
    };
  },
  async openReceiver([address = ""], { onBody }) {
    const connection = await connect(address, socketOptions);
    const channel = await connection.createChannel();
    await channel.prefetch(PREFETCH);
    await channel.assertQueue(QUEUE, { durable: true, arguments: { "x-queue-type": "quorum" } });
    let last: ConsumeMessage | undefined;
    // Once for all that one turn of the event loop brought.
    const acknowledge = () => {
      if (last !== undefined) channel.ack(last, true);
      last = undefined;
    };
    await channel.consume(QUEUE, (message) => {
      if (message === null) return;
      onBody(0, message.content);
      if (last === undefined) setImmediate(acknowledge);
      last = message;
    });
    return {
      close: async () => {
        acknowledge();
        await channel.close();
        await connection.close();
      },
    };
  },
};
