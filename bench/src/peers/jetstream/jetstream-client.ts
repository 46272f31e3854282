/** NATS JetStream, as the programs under measurement use it. */
import { AckPolicy, jetstream, jetstreamManager, StorageType } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import type { SystemClient } from "../../end-to-end/system-client.ts";
import { CONSUME_MESSAGES, MAX_ACK_PENDING } from "./jetstream-settings.ts";

const STREAM = "MESSAGES";
const SUBJECT = "messages";
const CONSUMER = "receiver";

/** In an open loop that the server cannot follow, an answer takes longer than the client's default of 5 s. */
const PUBLISH_DEADLINE_MS = 60_000;

export const client: SystemClient = {
  async openSender([address = ""]) {
    const connection = await connect({ servers: address });
    const stream = jetstream(connection, { timeout: PUBLISH_DEADLINE_MS });
    return { send: (_, body) => stream.publish(SUBJECT, body), close: () => connection.close() };
  },
  async openReceiver([address = ""], { onBody }) {
    const connection = await connect({ servers: address });
    const manager = await jetstreamManager(connection);
    await manager.streams.add({ name: STREAM, subjects: [SUBJECT], storage: StorageType.File });
    await manager.consumers.add(STREAM, {
      durable_name: CONSUMER,
      ack_policy: AckPolicy.Explicit,
      max_ack_pending: MAX_ACK_PENDING,
    });
    const consumer = await jetstream(connection).consumers.get(STREAM, CONSUMER);
    const messages = await consumer.consume({
      max_messages: CONSUME_MESSAGES,
      callback: (message) => {
        onBody(0, message.data);
        message.ack();
      },
    });
    return {
      close: async () => {
        await messages.close();
        await connection.close();
      },
    };
  },
};
