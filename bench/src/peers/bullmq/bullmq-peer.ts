import { redisServer } from "../../end-to-end/system.ts";
import { startMeasuredRedis } from "../../redis/measured-redis.ts";
import { redisVersion } from "../../redis/redis-server-version.ts";
import { packageVersion } from "../package-version.ts";
import type { Peer } from "../peer.ts";
import { aofFor, startPeerSystem } from "../peer-system.ts";
import { BULK_JOBS, WORKER_CONCURRENCY } from "./bullmq-settings.ts";

const client = new URL("./bullmq-client.ts", import.meta.url);

/** BullMQ: jobs in Redis, a library for Node. */
export const bullmqPeer: Peer = {
  name: "bullmq",
  concurrency: 2_000,
  atHand: () => true,
  find: async (durability) => ({
    server: await redisVersion(),
    client: packageVersion("bullmq"),
    settings: `addBulk of up to ${BULK_JOBS}; worker concurrency ${WORKER_CONCURRENCY}; removeOnComplete; appendfsync ${aofFor(durability)}`,
    start: () =>
      startPeerSystem(async (stack) => {
        const redis = stack.use(await startMeasuredRedis(aofFor(durability)));
        return { client, addresses: [redis.url], servers: [redisServer(redis)], redis };
      }),
  }),
};
