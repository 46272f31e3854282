import { type RedisSentinelFixture, startRedisSentinel } from "@chappe/testing";
import { comesTrue } from "./comes-true.ts";
import { RedisServer } from "./redis-server.ts";
import type { AnySite } from "./redis-site.ts";
import { HASTE, isReplicated } from "./replication.ts";

/** A primary and a replica, which log their writes, and three sentinels. */
export class SentinelSite implements AnySite {
  readonly name = "sentinel";
  readonly #sentinels: RedisSentinelFixture;
  readonly #servers: readonly RedisServer[];

  private constructor(sentinels: RedisSentinelFixture) {
    this.#sentinels = sentinels;
    this.#servers = sentinels.servers.map((fixture) => new RedisServer(fixture));
  }

  static async start(): Promise<SentinelSite> {
    return new SentinelSite(
      await startRedisSentinel({ redis: { appendonly: "everysec", linked: true, settings: HASTE } }),
    );
  }

  get url(): string {
    return this.#sentinels.url;
  }

  async masters(): Promise<readonly RedisServer[]> {
    return [await this.masterOf()];
  }

  async masterOf(): Promise<RedisServer> {
    const primary = await this.#sentinels.primary();
    const found = this.#servers.find(({ fixture }) => fixture === primary);
    if (found === undefined) throw new Error("the sentinels name a server that is none of them");
    return found;
  }

  async isWhole(deadlineMs: number): Promise<boolean> {
    return comesTrue(async () => {
      await this.masterOf();
      return isReplicated(this.#servers, 1);
    }, deadlineMs);
  }

  /** Makes the replica take over, in order. */
  async failOver(): Promise<void> {
    await this.#sentinels.failOver();
  }

  /** Resolves when the replica has taken over from a primary that is gone. */
  async failedOver(old: RedisServer): Promise<void> {
    await this.#sentinels.failedOver(old.fixture);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#servers) server.resume();
    await this.#sentinels.stop();
  }
}
