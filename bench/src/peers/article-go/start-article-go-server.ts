import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { endWithParent } from "@chappe/testing";
import type { Server } from "../../end-to-end/system.ts";
import { buildArticleGo } from "./build-article-go.ts";

/** The article's Go server alone, for any gRPC client that is to be measured against it. */
export interface ArticleGoServer extends Server, AsyncDisposable {
  /** Where it listens: host and port. */
  readonly address: string;
  /** Ends it. It has nothing to finish. */
  stop(): Promise<void>;
}

/**
 * Builds and starts the article's Go server: `article.MessageService/Send` of bench/peers/article-go/article.proto.
 *
 * @param redisPort a port of 127.0.0.1
 * @throws MissingPart when it cannot be built, and Error when it ends before it listens
 */
export async function startArticleGoServer(redisPort: number): Promise<ArticleGoServer> {
  const { path } = await buildArticleGo();
  const child = spawn(path, ["server", `127.0.0.1:${redisPort}`], { stdio: ["ignore", "pipe", "inherit"] });
  const exit = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
  });
  const listening = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const address = /^listening on (\S+)$/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.once("error", reject);
    void exit.then(() => reject(new Error("the article's Go server ended before it listened")));
  });
  const address = await listening;
  const pid = child.pid ?? 0;
  const forget = endWithParent({ pid });
  const stop = async () => {
    child.kill("SIGTERM");
    await exit;
    forget();
  };
  return { role: "server", pids: () => [pid], address, stop, [Symbol.asyncDispose]: stop };
}
