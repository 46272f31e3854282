import { packageVersion } from "../package-version.ts";
import type { Peer } from "../peer.ts";
import { alone, startPeerSystem } from "../peer-system.ts";
import { CONSUME_MESSAGES, MAX_ACK_PENDING } from "./jetstream-settings.ts";
import { findNatsServer, natsServerAtHand, startNatsServer } from "./nats-server.ts";

const client = new URL("./jetstream-client.ts", import.meta.url);

/** NATS JetStream: a server in Go, with its own client for Node. */
export const jetstreamPeer: Peer = {
  name: "jetstream",
  concurrency: 1_000,
  atHand: () => natsServerAtHand(),
  async find(durability) {
    const program = await findNatsServer();
    return {
      server: program.version,
      client: packageVersion("@nats-io/jetstream"),
      settings: `file store, sync_interval ${durability === "fsync" ? "always" : "2m (default)"}; concurrent publish; explicit ack; max_ack_pending ${MAX_ACK_PENDING}; consume ${CONSUME_MESSAGES} ahead`,
      start: () =>
        startPeerSystem(async (stack) => {
          const { address, server } = await startNatsServer(stack, program, durability);
          return alone(client, address, server);
        }),
    };
  },
};
