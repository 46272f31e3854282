import { redisServer, type System } from "../../end-to-end/system.ts";
import { LineProcess } from "../../process/line-process.ts";
import { startMeasuredRedis } from "../../redis/measured-redis.ts";
import { redisVersion } from "../../redis/redis-server-version.ts";
import type { Durability, Peer } from "../peer.ts";
import { aofFor } from "../peer-system.ts";
import { articleGoAtHand, buildArticleGo } from "./build-article-go.ts";
import { startArticleGoServer } from "./start-article-go-server.ts";

/** The article's design as it stands there, in Go: server, sender and receiver. */
export const articleGoPeer: Peer = {
  name: "article-go",
  concurrency: 800,
  atHand: () => articleGoAtHand(),
  async find(durability) {
    const { path, goVersion, moduleVersion } = await buildArticleGo();
    const modules = ["google.golang.org/grpc", "github.com/redis/go-redis/v9"];
    return {
      server: `${await redisVersion()}, ${goVersion}`,
      client: (await Promise.all(modules.map(moduleVersion))).join(", "),
      settings: `unary Send; LPUSH of JSON; BRPOP; no ack: what a receiver popped goes with it; appendfsync ${aofFor(durability)}`,
      start: () => startArticleGoSystem(path, durability),
    };
  },
};

async function startArticleGoSystem(path: string, durability: Durability): Promise<System> {
  const stack = new AsyncDisposableStack();
  try {
    const redis = stack.use(await startMeasuredRedis(aofFor(durability)));
    const server = stack.use(await startArticleGoServer(redis.port));
    return {
      client: "",
      addresses: [server.address, `127.0.0.1:${redis.port}`],
      senders: [stack.use(new LineProcess("sender", path, ["sender"]))],
      receivers: [stack.use(new LineProcess("receiver", path, ["receiver"]))],
      servers: [redisServer(redis), server],
      metered: [],
      redis,
      stopServers: () => server.stop(),
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}
