import { rmSync } from "node:fs";
import type { NetConnectOpts } from "node:net";
import { dirname, join } from "node:path";
import { startRedis } from "@chappe/testing";
import { historyNowMs } from "../history/history-event.ts";
import { RedisServer } from "./redis-server.ts";
import type { AnySite } from "./redis-site.ts";

/** A single Redis that logs its writes. */
export class StandaloneSite implements AnySite {
  readonly name = "standalone";
  readonly server: RedisServer;

  private constructor(server: RedisServer) {
    this.server = server;
  }

  /** @param appendonly when its log of writes reaches the disk */
  static async start(appendonly: "everysec" | "always"): Promise<StandaloneSite> {
    return new StandaloneSite(new RedisServer(await startRedis({ appendonly, tcp: true })));
  }

  get url(): string {
    return this.server.fixture.url;
  }

  /** Where a link leads to. */
  get target(): NetConnectOpts {
    return { host: "127.0.0.1", port: this.server.fixture.port ?? 0 };
  }

  async masters(): Promise<readonly RedisServer[]> {
    return [this.server];
  }

  async masterOf(): Promise<RedisServer> {
    return this.server;
  }

  async isWhole(): Promise<boolean> {
    return true;
  }

  /** Makes all messages vanish, and starts it again. @param onWiped told when nothing of before can come any more */
  async restartEmpty(onWiped: (atMs: number) => void): Promise<void> {
    // Paused first: what is acked is acked before the wipe, or after the restart.
    await this.server.call("CLIENT", "PAUSE", 60_000, "ALL");
    await this.server.kill();
    onWiped(historyNowMs());
    const { socketPath = "" } = this.server.fixture;
    rmSync(join(dirname(socketPath), "appendonlydir"), { recursive: true });
    await this.server.start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.resume();
    await this.server.fixture.stop();
  }
}
