import type { ConnectionOptions as TlsOptions } from "node:tls";
import { ChappeError } from "@chappe/message";

/** A host and a port. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** One Redis server, and who we are there. */
export interface RedisServer {
  readonly host?: string;
  readonly port?: number;
  /** Path of a unix socket. */
  readonly path?: string;
  readonly username?: string;
  readonly password?: string;
  readonly db?: number;
  readonly tls?: TlsOptions;
}

/** Who knows which server is the primary. */
export interface SentinelGroup {
  readonly endpoints: readonly Endpoint[];
  /** What they call the primary. */
  readonly primaryName: string;
  readonly username?: string;
  readonly password?: string;
}

/** What a {@link parseStoreUrl | URL} names. */
export interface StorePlace {
  /** One server; with sentinels or a cluster, what is the same for all: user, password, database, TLS. */
  readonly server: RedisServer;
  readonly sentinels?: SentinelGroup;
  /** Nodes of a cluster to ask for the others. */
  readonly seeds?: readonly Endpoint[];
}

const FORMS =
  "redis://host:port/db, redis+sentinel://host:port,host:port/primary/db, redis+cluster://host:port,host:port, " +
  "each with rediss for TLS, and the path of a unix socket";

const REDIS_PORT = 6379;
const SENTINEL_PORT = 26379;

/**
 * Reads where Redis is. Several hosts stand in one URL as in those of the Python libraries that take them; a user and a
 * password are those of the Redis servers.
 *
 * @throws ChappeError INVALID_ARGUMENT that says what is wrong and what is allowed. It never repeats a password.
 */
export function parseStoreUrl(text: string): StorePlace {
  if (text.startsWith("/")) return { server: { path: text } };
  // What follows would be taken for a path, and named in the refusal: it may be a part of the password.
  if (/:\/\/[^@]*[/?#][^@]*@/.test(text)) {
    throw refusal("with / ? or # before an @", "these in a user or a password as %2F, %3F and %23, and @ as %40");
  }
  const parts = /^(rediss?)(?:\+(sentinel|cluster))?:\/\/(?:([^/?#]*)@)?([^/?#]*)(\/[^?#]*)?(\?[^#]*)?$/.exec(text);
  if (parts === null) {
    throw new ChappeError("INVALID_ARGUMENT", `url is none that Redis is reached by; allowed are ${FORMS}`);
  }
  const [, scheme, kind, credentials = "", hosts = "", path = "", query = ""] = parts;
  const common = { ...credentialsOf(credentials), ...(scheme === "rediss" && { tls: {} }) };
  const segments = path.split("/").slice(1);
  if (kind === "sentinel") {
    const [name = "", db = "", ...rest] = segments;
    if (name === "" || rest.length > 0) {
      throw refusal(path || "without a path", "the name of the primary, and perhaps a database, such as /main/0");
    }
    return {
      server: { ...common, ...databaseOf(db) },
      sentinels: { endpoints: endpointsOf(hosts, SENTINEL_PORT), primaryName: decoded(name), ...sentinelUserOf(query) },
    };
  }
  if (query !== "") throw refusal("with a query", "one with redis+sentinel:// alone");
  const [db = "", ...rest] = segments;
  if (rest.length > 0) throw refusal(path, "a database number as its path, such as /0");
  if (kind === "cluster") {
    if (db !== "" && db !== "0") throw refusal(path, "no database but /0 on a cluster, which has no other");
    return { server: common, seeds: endpointsOf(hosts, REDIS_PORT) };
  }
  const [endpoint, another] = endpointsOf(hosts || "localhost", REDIS_PORT);
  if (another !== undefined) throw refusal(hosts, "one host, or several with redis+sentinel:// or redis+cluster://");
  return { server: { ...endpoint, ...common, ...databaseOf(db) } };
}

function endpointsOf(hosts: string, defaultPort: number): Endpoint[] {
  return hosts.split(",").map((text) => {
    // An IPv6 address stands in brackets in a URL, and nowhere else.
    const [, ipv6, name, port] = /^(?:\[([\da-fA-F:.%]+)\]|([^\s:[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
    const host = ipv6 ?? name;
    const number = Number(port ?? defaultPort);
    if (host === undefined || number < 1 || number > 65_535) {
      // Without an @, what follows the colon may be a password.
      const shown = text.replace(/:(?!\d{1,5}$).*/s, ":…");
      throw refusal(`host "${shown}"`, "host:port, with commas between several, ports from 1 to 65535");
    }
    return { host, port: number };
  });
}

function credentialsOf(text: string): Pick<RedisServer, "username" | "password"> {
  const colon = text.indexOf(":");
  const username = decoded(colon < 0 ? text : text.slice(0, colon));
  const password = decoded(colon < 0 ? "" : text.slice(colon + 1));
  return { ...(username !== "" && { username }), ...(password !== "" && { password }) };
}

function sentinelUserOf(query: string): Pick<SentinelGroup, "username" | "password"> {
  // By its rules a plus would be a space, which passwords hold less often.
  const named = new URLSearchParams(query.replaceAll("+", "%2B"));
  for (const name of named.keys()) {
    if (name !== "sentinelUsername" && name !== "sentinelPassword") {
      throw refusal(`query parameter "${name}"`, "sentinelUsername and sentinelPassword");
    }
  }
  const [username, password] = [named.get("sentinelUsername"), named.get("sentinelPassword")];
  return { ...(username !== null && { username }), ...(password !== null && { password }) };
}

function databaseOf(db: string): Pick<RedisServer, "db"> {
  if (!/^\d{0,6}$/.test(db)) throw refusal(`/${db}`, "a database number as its path, such as /0");
  return db === "" ? {} : { db: Number(db) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refusal("with a stray %", "%25 for a percent sign");
  }
}

function refusal(what: string, allowed: string): ChappeError {
  return new ChappeError("INVALID_ARGUMENT", `url ${what}: allowed are ${allowed}`);
}
