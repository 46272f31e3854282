import { packageVersion } from "../package-version.ts";
import type { Peer } from "../peer.ts";
import { alone, startPeerSystem } from "../peer-system.ts";
import { findRabbitmq, rabbitmqAtHand } from "./find-rabbitmq.ts";
import { PREFETCH } from "./rabbitmq-settings.ts";
import { startRabbitmqServer } from "./start-rabbitmq-server.ts";

const client = new URL("./rabbitmq-client.ts", import.meta.url);

/**
 * RabbitMQ: a server in Erlang, with the AMQP client for Node that its tutorials use. A quorum queue, of one member here,
 * waits for the disk whatever durability is asked for; a classic queue, which does not, was no faster.
 */
export const rabbitmqPeer: Peer = {
  name: "rabbitmq",
  concurrency: 500,
  atHand: () => rabbitmqAtHand(),
  async find() {
    const program = await findRabbitmq();
    return {
      server: program.version,
      client: packageVersion("amqplib"),
      settings: `quorum queue (fsync); persistent; publisher confirms; prefetch ${PREFETCH}; one multiple ack a turn`,
      start: () =>
        startPeerSystem(async (stack) => {
          const { address, server } = await startRabbitmqServer(stack, program);
          return alone(client, address, server);
        }),
    };
  },
};
