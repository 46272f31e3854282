/**
 * The article's RPC server, in Node: each call pushes its message onto a list in Redis, as JSON. It answers ok even when
 * that failed, as the article does; a log line for each message, as there, is left out.
 */
import { type sendUnaryData, Server, ServerCredentials, type ServerUnaryCall } from "@grpc/grpc-js";
import { Redis } from "ioredis";
import { type ArticleMessage, type ArticleResponse, articleClient, TOPIC } from "./article-contract.ts";

const redis = new Redis(process.env["ARTICLE_REDIS_URL"] ?? "");
const server = new Server();
server.addService(articleClient().service, {
  async Send({ request }: ServerUnaryCall<ArticleMessage, ArticleResponse>, answer: sendUnaryData<ArticleResponse>) {
    try {
      await redis.lpush(TOPIC, JSON.stringify(request));
    } catch (error) {
      console.error(error);
    }
    answer(null, { ok: true });
  },
});
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  console.log(`listening on 127.0.0.1:${port}`);
});
process.once("SIGTERM", () => process.exit(0));
