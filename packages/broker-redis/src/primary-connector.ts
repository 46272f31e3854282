import { connect as connectTcp, Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { ChappeError } from "@chappe/message";
import { AbstractConnector, Redis } from "ioredis";
import { outliveErrors } from "./outlive-errors.ts";
import type { Reply } from "./redis-client.ts";
import { translateRedisError } from "./redis-errors.ts";
import { type Fields, fieldsOf } from "./reply-fields.ts";
import { nodeName } from "./slot-map.ts";
import type { Endpoint, RedisServer, SentinelGroup } from "./store-url.ts";

/** What a {@link PrimaryConnector} works with. */
export interface PrimaryConnectorOptions {
  readonly sentinels: SentinelGroup;
  /** What is the same for all servers. Its TLS is also that of the sentinels. */
  readonly server: RedisServer;
  /** A sentinel that says nothing for so long is passed over. */
  readonly silenceMs: number;
  /** Told where the primary is, before it is connected to. */
  readonly onFound: (primary: Endpoint) => void;
}

/**
 * Connects to whichever server the sentinels call the primary. They are asked in turn, each time anew.
 *
 * The driver has one of its own, which does not say why a sentinel could not be asked, or which.
 */
export class PrimaryConnector extends AbstractConnector {
  readonly #options: PrimaryConnectorOptions;
  /** Those that the options name, and those that they have named. */
  readonly #known: Endpoint[];
  /** Who is asked first: who answered last. */
  #first = 0;
  #asked: Redis | undefined;

  constructor(options: PrimaryConnectorOptions) {
    super(options.silenceMs);
    this.#options = options;
    this.#known = [...options.sentinels.endpoints];
  }

  /** Whether the server is what the sentinels say. If not, another one is asked next. */
  override check({ role }: { readonly role?: string }): boolean {
    if (role === undefined || role === "master") return true;
    this.#first++;
    return false;
  }

  override async connect(): Promise<Socket> {
    this.connecting = true;
    try {
      const primary = await this.#find();
      this.#options.onFound(primary);
      const { tls } = this.#options.server;
      const stream = tls === undefined ? connectTcp({ ...primary }) : connectTls({ ...primary, ...tls });
      this.stream = stream;
      return stream;
    } catch (error) {
      // The driver takes a rejection for the end, and a stream that is broken for something to try again.
      if (!this.connecting) throw error;
      this.firstError = ChappeError.from(error);
      return new Socket().destroy();
    }
  }

  override disconnect(): void {
    this.#asked?.disconnect();
    super.disconnect();
  }

  async #find(): Promise<Endpoint> {
    const { primaryName } = this.#options.sentinels;
    let reason = new ChappeError("UNAVAILABLE", "none was asked");
    for (let turn = 0; turn < this.#known.length; turn++) {
      const place = (this.#first + turn) % this.#known.length;
      const sentinel = this.#known[place] as Endpoint;
      try {
        const primary = await this.#ask(sentinel);
        if (!this.connecting) break;
        this.#first = place;
        return primary;
      } catch (error) {
        if (!this.connecting) break;
        const trouble = translateRedisError(error, `sentinel ${nodeName(sentinel)}`);
        // Of all reasons one that does not mend itself tells the most.
        if (reason.code === "UNAVAILABLE") reason = trouble;
      }
    }
    const message = `no sentinel names the primary "${primaryName}": ${reason.message}`;
    throw new ChappeError(reason.code, message, { cause: reason.cause });
  }

  async #ask(endpoint: Endpoint): Promise<Endpoint> {
    const { sentinels, server, silenceMs } = this.#options;
    const { primaryName, username, password } = sentinels;
    const sentinel = new Redis({
      ...endpoint,
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      ...(server.tls !== undefined && { tls: server.tls }),
      protocol: 2,
      lazyConnect: true,
      enableReadyCheck: false,
      disableClientInfo: true,
      connectTimeout: silenceMs,
      commandTimeout: silenceMs,
      maxRetriesPerRequest: 0,
      retryStrategy: null,
    });
    this.#asked = sentinel;
    let reason: unknown;
    sentinel.on("error", (error: unknown) => (reason ??= error));
    outliveErrors(sentinel);
    try {
      await sentinel.connect();
      const others = sentinel.call("SENTINEL", "SENTINELS", primaryName).catch(() => []);
      const primary = await sentinel.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", primaryName);
      if (primary === null)
        throw new ChappeError("FAILED_PRECONDITION", `sentinel ${nodeName(endpoint)} watches none that is called so`);
      this.#learn(((await others) as readonly Reply[]).map(fieldsOf));
      const [host, port] = primary as [string, string];
      return { host, port: Number(port) };
    } catch (error) {
      // What a broken connection rejects with does not say why it broke.
      throw reason ?? error;
    } finally {
      sentinel.disconnect();
    }
  }

  #learn(others: readonly Fields[]): void {
    const known = new Set(this.#known.map(nodeName));
    for (const { ip = "", port, flags } of others) {
      const endpoint = { host: ip, port: Number(port) };
      if (flags === "sentinel" && !known.has(nodeName(endpoint))) this.#known.push(endpoint);
    }
  }
}
