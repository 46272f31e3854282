import type { RedisFixture } from "@chappe/testing";
import { Redis } from "ioredis";

/** One Redis of the run, and what can be done to it. */
export class RedisServer {
  readonly fixture: RedisFixture;

  constructor(fixture: RedisFixture) {
    if (fixture.external) throw new Error("faults need a Redis of their own: unset REDIS_URL");
    this.fixture = fixture;
  }

  async kill(): Promise<void> {
    await this.fixture.kill();
  }

  /** By SIGTERM, as an upgrade would. */
  async stop(): Promise<void> {
    await this.call("SHUTDOWN").catch(() => {});
  }

  /** Starts it again with what it kept. */
  async start(): Promise<void> {
    await this.fixture.restart();
  }

  pause(): void {
    this.#signal("SIGSTOP");
  }

  resume(): void {
    this.#signal("SIGCONT");
  }

  /** Carries out one command, past all links. */
  async call(command: string, ...args: readonly (string | number)[]): Promise<unknown> {
    const redis = new Redis(this.fixture.url, {
      lazyConnect: true,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
    });
    redis.on("error", () => {});
    try {
      await redis.connect();
      return await redis.call(command, ...args);
    } finally {
      redis.disconnect();
    }
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.fixture;
    if (pid !== undefined) process.kill(pid, signal);
  }
}
