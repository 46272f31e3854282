import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findRedisServer } from "./find-redis-server.ts";
import { freePort } from "./free-port.ts";
import { type RedisProcess, startRedisProcess } from "./redis-process.ts";
import { type RedisSecurity, securitySettings } from "./redis-security.ts";

/** What a sentinel watches. */
export interface WatchedPrimary {
  readonly name: string;
  readonly port: number;
  /** Of its user `default`, and of its replicas'. */
  readonly password: string | undefined;
  /** How many sentinels must agree that it is down. */
  readonly quorum: number;
  /** So long without an answer makes a server down. */
  readonly downAfterMs: number;
}

/** One sentinel. */
export interface Sentinel {
  readonly port: number;
  readonly security: RedisSecurity;
  stop(): Promise<void>;
}

const PORT_ATTEMPTS = 5;

/**
 * Starts a sentinel on a free port of 127.0.0.1.
 *
 * @param security whom it lets in; all sentinels have the same password. With TLS, it also comes to servers so.
 * @throws Error with its log when it does not start
 */
export async function startSentinel(watched: WatchedPrimary, security: RedisSecurity): Promise<Sentinel> {
  const program = await findRedisServer();
  const folder = mkdtempSync(join(tmpdir().length > 60 ? "/tmp" : tmpdir(), "chappe-sentinel-"));
  const removeFiles = () => rmSync(folder, { recursive: true, force: true });
  const paths = { folder, socket: join(folder, "sentinel.sock"), configFile: join(folder, "sentinel.conf") };
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    writeFileSync(paths.configFile, settingsOf(watched, security, port, paths));
    try {
      const process: RedisProcess = await startRedisProcess(program, {}, paths, security.password);
      return {
        port,
        security,
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
  { name, port, password, quorum, downAfterMs }: WatchedPrimary,
  security: RedisSecurity,
  ownPort: number,
  { folder, socket }: { readonly folder: string; readonly socket: string },
): string {
  const own = securitySettings(security, folder);
  return [
    "bind 127.0.0.1",
    ...(security.tls === undefined ? [] : ["port 0"]),
    `${security.tls === undefined ? "port" : "tls-port"} ${ownPort}`,
    `unixsocket ${socket}`,
    `dir ${folder}`,
    ...Object.entries(own).map(([setting, value]) => `${setting} ${value}`),
    // What it says to other sentinels.
    ...(security.password === undefined ? [] : [`sentinel sentinel-pass ${security.password}`]),
    `sentinel monitor ${name} 127.0.0.1 ${port} ${quorum}`,
    ...(password === undefined ? [] : [`sentinel auth-pass ${name} ${password}`]),
    `sentinel down-after-milliseconds ${name} ${downAfterMs}`,
    // Twice this must pass before the same primary may fail over again.
    `sentinel failover-timeout ${name} ${2 * downAfterMs}`,
    "",
  ].join("\n");
}
