import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findRedisServer } from "./find-redis-server.ts";
import { freePort } from "./free-port.ts";
import { type RedisProcess, startRedisProcess } from "./redis-process.ts";

/** What a sentinel watches. */
export interface WatchedPrimary {
  readonly name: string;
  readonly port: number;
  /** How many sentinels must agree that it is down. */
  readonly quorum: number;
  /** So long without an answer makes a server down. */
  readonly downAfterMs: number;
}

/** One sentinel. */
export interface Sentinel {
  readonly port: number;
  stop(): Promise<void>;
}

const PORT_ATTEMPTS = 5;

/** Starts a sentinel on a free port of 127.0.0.1. @throws Error with its log when it does not start */
export async function startSentinel(watched: WatchedPrimary): Promise<Sentinel> {
  const program = await findRedisServer();
  const folder = mkdtempSync(join(tmpdir().length > 60 ? "/tmp" : tmpdir(), "chappe-sentinel-"));
  const removeFiles = () => rmSync(folder, { recursive: true, force: true });
  const paths = { folder, socket: join(folder, "sentinel.sock"), configFile: join(folder, "sentinel.conf") };
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    writeFileSync(paths.configFile, settingsOf(watched, port, folder, paths.socket));
    try {
      const process: RedisProcess = await startRedisProcess(program, {}, paths);
      return {
        port,
        async stop() {
          await process.end("SIGTERM");
          removeFiles();
        },
      };
    } catch (error) {
      const portTaken = error instanceof Error && /address already in use/i.test(error.message);
      if (portTaken && attempt < PORT_ATTEMPTS) continue;
      removeFiles();
      throw error;
    }
  }
}

function settingsOf(
  { name, port, quorum, downAfterMs }: WatchedPrimary,
  ownPort: number,
  folder: string,
  socket: string,
): string {
  return [
    "bind 127.0.0.1",
    `port ${ownPort}`,
    `unixsocket ${socket}`,
    `dir ${folder}`,
    `sentinel monitor ${name} 127.0.0.1 ${port} ${quorum}`,
    `sentinel down-after-milliseconds ${name} ${downAfterMs}`,
    // Twice this must pass before the same primary may fail over again.
    `sentinel failover-timeout ${name} ${2 * downAfterMs}`,
    "",
  ].join("\n");
}
