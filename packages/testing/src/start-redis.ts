import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findRedisServer } from "./find-redis-server.ts";
import { freePort } from "./free-port.ts";
import { Link } from "./link.ts";
import { type RedisProcess, startRedisProcess } from "./redis-process.ts";
import type { RedisProgram } from "./redis-program.ts";
import { type RedisSecurity, securitySettings } from "./redis-security.ts";

/** How a test wants its Redis. */
export interface StartRedisOptions {
  /**
   * When writes reach the append-only file. Default `"no"`: nothing is kept over a restart, which is the fastest, and
   * shows what happens when Redis comes back empty.
   */
  readonly appendonly?: "no" | "everysec" | "always";
  /** Listen on a free TCP port of 127.0.0.1 too. Default false: a unix socket alone, which cannot clash. */
  readonly tcp?: boolean;
  /**
   * Tell sentinels, replicas and a cluster's clients to come through a `Link`, with `tcp`. The cluster's bus goes past it.
   * Default false.
   */
  readonly linked?: boolean;
  /** Memory in bytes beyond which writes are refused. Default 0: no limit. */
  readonly maxmemoryBytes?: number;
  /** Follow this server, which listens on TCP, as its replica. */
  readonly replicaOf?: Pick<RedisFixture, "port">;
  /** Whom it lets in. Default: anybody. TLS is for the TCP port; the unix socket speaks plain text. */
  readonly security?: RedisSecurity;
  /** Further settings by their redis.conf names, such as `{ "cluster-enabled": "yes" }`. They win over all others. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A Redis for one test or one test file. `await using` stops it. */
export interface RedisFixture extends AsyncDisposable {
  /**
   * What `new Redis(url)` of ioredis takes: a `redis://` address with `tcp` or `REDIS_URL`, `rediss://` with TLS, else a
   * socket's path. Without the password.
   */
  readonly url: string;
  /** Path of the unix socket; undefined for the server of `REDIS_URL`. */
  readonly socketPath: string | undefined;
  /** TCP port; undefined unless `tcp` was asked for. */
  readonly port: number | undefined;
  /** Which TCP port it says to come by: that of its `link`, where it has one. */
  readonly announcedPort: number | undefined;
  /** What others come through; undefined unless `linked` was asked for. */
  readonly link: Link | undefined;
  /** Port of the cluster bus; undefined without `cluster-enabled`. */
  readonly clusterPort: number | undefined;
  /** Process id; undefined while it is killed, and for the server of `REDIS_URL`. */
  readonly pid: number | undefined;
  /** Whom it lets in; empty: anybody. */
  readonly security: RedisSecurity;
  /** True for the server of `REDIS_URL`, which this fixture neither started nor may kill. */
  readonly external: boolean;
  /** Ends the server and removes its files. Harmless when repeated. Does nothing to an external server. */
  stop(): Promise<void>;
  /** Ends the server as a crash would, by SIGKILL. Its files stay, for `restart`. @throws Error if external. */
  kill(): Promise<void>;
  /** Starts it again with the same files on the same address, ending it first if it runs. @throws Error if external. */
  restart(): Promise<void>;
}

/**
 * Starts a Redis of its own, in its own temporary folder; both go with this process, however that ends. When
 * `REDIS_URL` is set, that server is used instead and the options are ignored: pair it with `redisNamespace()`.
 *
 * @throws Error when no Redis can be found or started; it says what to do.
 */
export async function startRedis(options: StartRedisOptions = {}): Promise<RedisFixture> {
  const external = process.env["REDIS_URL"];
  return external ? externalRedis(external) : OwnRedis.start(await findRedisServer(), options);
}

/** Other processes may take a free port first; so many times in a row they do not. */
const portAttempts = 5;

class OwnRedis implements RedisFixture {
  readonly external = false;
  readonly socketPath: string;
  readonly #program: RedisProgram;
  readonly #options: StartRedisOptions;
  readonly #folder: string;
  #port: number | undefined;
  #clusterPort: number | undefined;
  #link: Link | undefined;
  #process: RedisProcess | undefined;

  private constructor(program: RedisProgram, options: StartRedisOptions) {
    this.#program = program;
    this.#options = options;
    // A socket's path may have about 100 bytes, and some systems' temporary folders use most of them.
    const parent = tmpdir().length > 60 ? "/tmp" : tmpdir();
    this.#folder = mkdtempSync(join(parent, "chappe-redis-"));
    this.socketPath = join(this.#folder, "redis.sock");
  }

  static async start(program: RedisProgram, options: StartRedisOptions): Promise<OwnRedis> {
    const redis = new OwnRedis(program, options);
    try {
      await redis.#startFirst();
      return redis;
    } catch (error) {
      redis.#removeFiles();
      await redis.#link?.[Symbol.asyncDispose]();
      throw error;
    }
  }

  get url(): string {
    if (this.#port === undefined) return this.socketPath;
    return `${this.security.tls === undefined ? "redis" : "rediss"}://127.0.0.1:${this.#port}`;
  }

  get security(): RedisSecurity {
    return this.#options.security ?? {};
  }

  get port(): number | undefined {
    return this.#port;
  }

  get announcedPort(): number | undefined {
    return this.#link?.port ?? this.#port;
  }

  get link(): Link | undefined {
    return this.#link;
  }

  get clusterPort(): number | undefined {
    return this.#clusterPort;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  async stop(): Promise<void> {
    await this.#end("SIGTERM");
    this.#removeFiles();
    await this.#link?.[Symbol.asyncDispose]();
    this.#link = undefined;
  }

  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async restart(): Promise<void> {
    await this.#end("SIGTERM");
    await this.#startProcess();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #startFirst(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      if (this.#options.tcp) this.#port = await freePort();
      await this.#link?.[Symbol.asyncDispose]();
      if (this.#options.linked) this.#link = await Link.start({ host: "127.0.0.1", port: this.#port ?? 0 });
      if (this.#options.settings?.["cluster-enabled"] === "yes") this.#clusterPort = await freePort();
      try {
        await this.#startProcess();
        return;
      } catch (error) {
        const portTaken = error instanceof Error && /address already in use/i.test(error.message);
        if (!portTaken || attempt === portAttempts) throw error;
      }
    }
  }

  async #startProcess(): Promise<void> {
    const paths = { folder: this.#folder, socket: this.socketPath };
    this.#process = await startRedisProcess(this.#program, this.#settings(), paths, this.security.password);
  }

  async #end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    await running?.end(signal);
  }

  #removeFiles(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #announcement(): Record<string, string> {
    if (this.#link === undefined) return {};
    const port = String(this.#link.port);
    if (this.#clusterPort === undefined) return { "replica-announce-port": port };
    return { [this.security.tls === undefined ? "cluster-announce-port" : "cluster-announce-tls-port"]: port };
  }

  #settings(): Record<string, string> {
    const { appendonly = "no", maxmemoryBytes = 0, replicaOf, settings = {} } = this.#options;
    return {
      bind: "127.0.0.1",
      port: "0",
      [this.security.tls === undefined ? "port" : "tls-port"]: String(this.#port ?? 0),
      unixsocket: this.socketPath,
      dir: this.#folder,
      save: "",
      appendonly: appendonly === "no" ? "no" : "yes",
      appendfsync: appendonly,
      maxmemory: String(maxmemoryBytes),
      "maxmemory-policy": "noeviction",
      // Tests make it slow (DEBUG SLEEP) or rewrite its files (DEBUG RELOAD) on purpose.
      "enable-debug-command": "yes",
      // By default the port plus 10,000, which a high free port has no room for.
      ...(this.#clusterPort === undefined ? {} : { "cluster-port": String(this.#clusterPort) }),
      ...this.#announcement(),
      ...(replicaOf === undefined ? {} : { replicaof: `127.0.0.1 ${replicaOf.port}` }),
      ...securitySettings(this.security, this.#folder),
      ...settings,
    };
  }
}

function externalRedis(url: string): RedisFixture {
  const refuse = async (action: string): Promise<never> => {
    throw new Error(`${action}() needs a Redis that the test started itself; REDIS_URL names another: unset it`);
  };
  return {
    url,
    security: {},
    external: true,
    socketPath: undefined,
    port: undefined,
    announcedPort: undefined,
    link: undefined,
    clusterPort: undefined,
    pid: undefined,
    stop: async () => {},
    kill: () => refuse("kill"),
    restart: () => refuse("restart"),
    [Symbol.asyncDispose]: async () => {},
  };
}
