import type { RedisFixture } from "@chappe/testing";
import { Redis } from "ioredis";
import { isStopped } from "./is-stopped.ts";

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

  /** Whether it is frozen now. */
  get isPaused(): boolean {
    return isStopped(this.fixture.pid);
  }

  /** Another one for each run of the server. */
  async runId(): Promise<string> {
    const [, id = ""] = /^run_id:(\w+)/m.exec(String(await this.call("INFO", "server"))) ?? [];
    return id;
  }

  /** Answers that began with an error of this name (`OOM`, `NOSCRIPT`), since it was started. */
  async errors(name: string): Promise<number> {
    const stats = String(await this.call("INFO", "errorstats"));
    const [, count = 0] = new RegExp(`^errorstat_${name}:count=(\\d+)`, "m").exec(stats) ?? [];
    return Number(count);
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
