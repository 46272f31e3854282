import { oneScope } from "./call-scope.ts";
import { RedisConnection } from "./redis-connection.ts";
import type { RedisServers, ServersHandlers, ServersOptions } from "./redis-servers.ts";
import { ServerIdentity } from "./server-identity.ts";
import type { StorePlace } from "./store-url.ts";

/** One server, or whichever the sentinels say is the primary. */
export function connectSingleServer(
  { server, sentinels }: StorePlace,
  { name, silenceMs }: ServersOptions,
  handlers: ServersHandlers,
): RedisServers {
  const options = { server, sentinels, name, silenceMs };
  let first = true;
  const connection = new RedisConnection(options, {
    onReady: () => {
      identity.learn();
      handlers.onReady(connection);
      handlers.onChanged(first);
      first = false;
      handlers.onWhole();
    },
    onLost: (error) => {
      identity.forget();
      handlers.onLost(error);
    },
  });
  const identity = new ServerIdentity(connection);
  const wakes = new RedisConnection(
    { ...options, name: `${name}-wakes` },
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
    routeOf: () => String(identity.connections),
    holderOf: () => ({ node: "", moves: 0, runId: identity.runId, reached: options }),
    ping: async () => void (await connection.call("PING")),
    close: async () => void (await Promise.all([connection.close(), wakes.close()])),
  };
}
