import { programServer, redisServer } from "../../end-to-end/system.ts";
import { MeasuredProcess } from "../../process/measured-process.ts";
import { startMeasuredRedis } from "../../redis/measured-redis.ts";
import { redisVersion } from "../../redis/redis-server-version.ts";
import { packageVersion } from "../package-version.ts";
import type { Peer } from "../peer.ts";
import { aofFor, startPeerSystem } from "../peer-system.ts";

const client = new URL("./article-node-client.ts", import.meta.url);
const serverProgram = new URL("./article-server-program.ts", import.meta.url);

/** The article's design with Node's own means: a unary call and an LPUSH for each message. */
export const articleNodePeer: Peer = {
  name: "article-node",
  concurrency: 100,
  atHand: () => true,
  find: async (durability) => ({
    server: await redisVersion(),
    client: `${packageVersion("@grpc/grpc-js")}, ${packageVersion("ioredis")}`,
    settings: `unary Send; LPUSH of JSON; BRPOP; no ack: what a receiver popped goes with it; appendfsync ${aofFor(durability)}`,
    start: () =>
      startPeerSystem(async (stack) => {
        const redis = stack.use(await startMeasuredRedis(aofFor(durability)));
        const program = stack.use(new MeasuredProcess("server", serverProgram, { ARTICLE_REDIS_URL: redis.url }));
        const [, address = ""] = await program.waitForLine(/listening on (\S+)/);
        return {
          client,
          addresses: [address, redis.url],
          servers: [redisServer(redis), programServer(program)],
          metered: [program],
          redis,
          stop: () => program.stop(),
        };
      }),
  }),
};
