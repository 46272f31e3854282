import { createBroker } from "@chappe/broker";
import { connectRedisStore } from "@chappe/broker-redis";
import { waitFor } from "@chappe/testing";
import type { BenchCase } from "../bench-case.ts";
import { startMeasuredRedis } from "../redis/measured-redis.ts";
import { runMicro } from "./run-micro.ts";
import { throughBroker } from "./through-broker.ts";

const MESSAGES_PER_BATCH = [1, 500];

/** What one batch's way through the scripts of a real Redis takes, one at a time: append, take, settle. */
export function storeCases(): BenchCase[] {
  return MESSAGES_PER_BATCH.map((messages) => {
    const name = `chappe/micro/redis-scripts/batch-of-${messages}`;
    return {
      kind: "micro",
      name,
      run: async () => {
        await using redis = await startMeasuredRedis("everysec");
        const broker = createBroker({ store: connectRedisStore({ url: redis.url }) });
        try {
          // A store does not wait for its connection: a router says that it is not ready instead.
          await waitFor(() => broker.ping().then(() => true), { describe: "the connection to Redis" });
          await using path = await throughBroker(broker, messages);
          return await runMicro({ name, messages: path.messages, call: () => path.once() });
        } finally {
          await broker.close();
        }
      },
    };
  });
}
