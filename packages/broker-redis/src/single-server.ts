import { oneScope } from "./call-scope.ts";
import { RedisConnection } from "./redis-connection.ts";
import type { RedisServers, ServersHandlers, ServersOptions } from "./redis-servers.ts";
import type { StorePlace } from "./store-url.ts";

/** One server, or whichever the sentinels say is the primary. */
export function connectSingleServer(
  { server, sentinels }: StorePlace,
  { name, silenceMs }: ServersOptions,
  handlers: ServersHandlers,
): RedisServers {
  let first = true;
  const connection = new RedisConnection(
    { server, sentinels, name, silenceMs },
    {
      onReady: () => {
        handlers.onReady(connection);
        handlers.onChanged(first);
        first = false;
        handlers.onWhole();
      },
      onLost: (error) => handlers.onLost(error),
    },
  );
  const wakes = new RedisConnection(
    { server, sentinels, name: `${name}-wakes`, silenceMs },
    {
      onReady: () => {
        handlers.onWakesReady();
        handlers.onWaking();
      },
      onLost: (error) => handlers.onWakesLost(undefined, error),
      onMessage: (channel, message) => handlers.onWake(channel, message),
    },
  );
  return {
    client: connection,
    wakes,
    scopeOf: oneScope,
    ping: async () => void (await connection.call("PING")),
    close: async () => void (await Promise.all([connection.close(), wakes.close()])),
  };
}
