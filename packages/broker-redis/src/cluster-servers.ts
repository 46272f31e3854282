import calculateSlot from "cluster-key-slot";
import { scopeOfPartition } from "./call-scope.ts";
import { ClusterClient } from "./cluster-client.ts";
import { ClusterNodes } from "./cluster-nodes.ts";
import { ClusterWakes } from "./cluster-wakes.ts";
import type { RedisServers, ServersHandlers, ServersOptions } from "./redis-servers.ts";
import type { Endpoint, RedisServer } from "./store-url.ts";

/** The nodes of a cluster, found through some of them. */
export function connectCluster(
  { server, seeds }: { readonly server: RedisServer; readonly seeds: readonly Endpoint[] },
  { name, silenceMs }: ServersOptions,
  handlers: ServersHandlers,
): RedisServers {
  const wakes = new ClusterWakes(handlers, () => nodes);
  const nodes: ClusterNodes = new ClusterNodes({
    server,
    seeds,
    name,
    silenceMs,
    handlers,
    onMoved: (slots) => wakes.onMoved(slots),
    // What was subscribed to elsewhere, or could not be while slots moved.
    onLooked: () => handlers.onWakesReady(),
    onLeft: (node) => {
      wakes.leave(node);
      handlers.onLeft(node);
    },
  });
  return {
    client: new ClusterClient(nodes, silenceMs),
    wakes,
    scopeOf: scopeOfPartition,
    routeOf: (key) => nodes.routeOf(calculateSlot(key)),
    holderOf: (key) => nodes.holderOf(calculateSlot(key)),
    ping: () => nodes.ping(),
    close: async () => void (await Promise.all([nodes.close(), wakes.close()])),
  };
}
