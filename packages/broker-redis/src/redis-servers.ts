import type { ChappeError } from "@chappe/message";
import type { CallScope } from "./call-scope.ts";
import type { RedisClient } from "./redis-client.ts";
import type { ConnectionOptions } from "./redis-connection.ts";
import type { ChannelChoice, WakeConnection } from "./wake-ups.ts";

/** The servers that a store works with: one, or the nodes of a cluster. */
export interface RedisServers {
  readonly client: RedisClient;
  /** Connections of their own, for Redis lets a subscribed one do nothing else. */
  readonly wakes: WakeConnection;
  readonly scopeOf: CallScope;
  /**
   * Names the way that commands on a key go now. While it is the same they have gone over one connection to one server; it
   * never comes back.
   */
  routeOf(key: string): string;
  /** Who has a key now; undefined while nobody is known to. */
  holderOf(key: string): KeyHolder | undefined;
  /** Resolves when calls can be carried out, on a cluster for some addresses at least. @throws ChappeError */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** The server that has a key, as far as is known. */
export interface KeyHolder {
  /** Name of a node of a cluster; "" where there is one server. */
  readonly node: string;
  /** How often the key has gone from one node to another: as long as that is the same, `client` went to this one alone. */
  readonly moves: number;
  /** Process that `client` is connected to there, another one after each start; undefined while nobody knows. */
  readonly runId: string | undefined;
  /** How to make one more connection to it, for what must not hold up the others, as `WAIT` would. */
  readonly reached: ConnectionOptions;
}

/** What {@link RedisServers} tell the store. `server` names a node of a cluster. */
export interface ServersHandlers {
  /** A server can be used. What is sent to it from here goes first. */
  onReady(server: Pick<RedisClient, "call">): void;
  /** Signs of life have to be given anew: a server came, and not for the first time, or another one. */
  onChanged(first: boolean): void;
  /** Everything is served, perhaps again. */
  onWhole(): void;
  onLost(error: ChappeError, server?: string): void;
  /** Another server has taken over, without a connection that was lost. */
  onReplaced(): void;
  /** A node of a cluster is no longer used. */
  onLeft(node: string): void;
  /** Wake-ups of these channels may be subscribed to. */
  onWakesReady(concerns?: ChannelChoice): void;
  /** Wake-ups arrive, or do again. */
  onWaking(): void;
  /** Subscriptions to these channels are gone. */
  onWakesLost(concerns: ChannelChoice | undefined, error?: ChappeError): void;
  onWake(channel: string, message: Buffer): void;
}

/** How servers are reached, whichever they are. */
export interface ServersOptions {
  /** Shown by `CLIENT LIST`. */
  readonly name: string;
  /** See `RedisStoreOptions.silenceMs`. */
  readonly silenceMs: number;
}
