/** The article's design, as the programs under measurement use it. */
import { credentials } from "@grpc/grpc-js";
import { Redis } from "ioredis";
import type { SystemClient } from "../../end-to-end/system-client.ts";
import { bodyOfText, textOfBody } from "../text-body.ts";
import { type ArticleMessage, type ArticleResponse, articleClient, RECEIVER, TOPIC } from "./article-contract.ts";

type Send = (message: ArticleMessage, answer: (error: Error | null, response?: ArticleResponse) => void) => void;

/** Sends through the server, which comes first; receives from Redis itself, which comes second. */
export const client: SystemClient = {
  async openSender([server = ""]) {
    const Client = articleClient();
    const service = new Client(server, credentials.createInsecure());
    const send = (service["Send"] as Send).bind(service);
    return {
      send: (_, body) =>
        new Promise<void>((resolve, reject) => {
          send({ sender: "sender-01", receiver: RECEIVER, text: textOfBody(body) }, (error) => {
            if (error === null) resolve();
            else reject(error);
          });
        }),
      close: async () => service.close(),
    };
  },
  async openReceiver([, url = ""], { onBody }) {
    const redis = new Redis(url);
    let closed = false;
    const popAll = async () => {
      while (!closed) {
        const popped = await redis.brpop(TOPIC, 0);
        if (popped === null) continue;
        const message = JSON.parse(popped[1]) as ArticleMessage;
        if (message.receiver === RECEIVER) onBody(0, bodyOfText(message.text));
      }
    };
    const popping = popAll().catch((error: unknown) => {
      // Closing ends the command that waits.
      if (!closed) throw error;
    });
    return {
      close: async () => {
        closed = true;
        redis.disconnect();
        await popping;
      },
    };
  },
};
