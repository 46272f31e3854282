import { rmSync } from "node:fs";
import type { NetConnectOpts } from "node:net";
import { dirname, join } from "node:path";
import { startRedis, type RedisFixture } from "@chappe/testing";
import { Redis } from "ioredis";
import { historyNowMs } from "../history/history-event.ts";

/**
 * Where the messages rest, and what can be done to it. One server today; what has replicas or slots would offer more
 * faults beside these.
 */
export interface RedisSite extends AsyncDisposable {
  /** Where a link leads to. */
  readonly target: NetConnectOpts;
  /** As `connectRedisStore` takes it. Past all links. */
  readonly url: string;
  kill(): Promise<void>;
  /** By SIGTERM, as an upgrade would. */
  stop(): Promise<void>;
  /** Starts it again with what it kept. */
  start(): Promise<void>;
  /** Makes all messages vanish, and starts it again. @param onWiped told when nothing of before can come any more */
  restartEmpty(onWiped: (atMs: number) => void): Promise<void>;
  pause(): void;
  resume(): void;
  /** Carries out one command, past all links. */
  call(command: string, ...args: readonly (string | number)[]): Promise<unknown>;
}

/** A single Redis that logs its writes. */
export async function startStandaloneRedis(): Promise<RedisSite> {
  return new StandaloneRedis(await startRedis({ appendonly: "everysec", tcp: true }));
}

class StandaloneRedis implements RedisSite {
  readonly target: NetConnectOpts;
  readonly #redis: RedisFixture;
  readonly #logFolder: string;

  constructor(redis: RedisFixture) {
    const { socketPath, port } = redis;
    if (socketPath === undefined || port === undefined) {
      throw new Error("faults need a Redis of their own: unset REDIS_URL");
    }
    this.#redis = redis;
    this.#logFolder = join(dirname(socketPath), "appendonlydir");
    this.target = { host: "127.0.0.1", port };
  }

  get url(): string {
    return this.#redis.url;
  }

  async kill(): Promise<void> {
    await this.#redis.kill();
  }

  async stop(): Promise<void> {
    await this.call("SHUTDOWN").catch(() => {});
  }

  async start(): Promise<void> {
    await this.#redis.restart();
  }

  async restartEmpty(onWiped: (atMs: number) => void): Promise<void> {
    // Paused first: what is acked is acked before the wipe, or after the restart.
    await this.call("CLIENT", "PAUSE", 60_000, "ALL");
    await this.#redis.kill();
    onWiped(historyNowMs());
    rmSync(this.#logFolder, { recursive: true, force: true });
    await this.#redis.restart();
  }

  pause(): void {
    this.#signal("SIGSTOP");
  }

  resume(): void {
    this.#signal("SIGCONT");
  }

  async call(command: string, ...args: readonly (string | number)[]): Promise<unknown> {
    const redis = new Redis(this.url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
    redis.on("error", () => {});
    try {
      await redis.connect();
      return await redis.call(command, ...args);
    } finally {
      redis.disconnect();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.resume();
    await this.#redis.stop();
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#redis;
    if (pid !== undefined) process.kill(pid, signal);
  }
}
