import { articleGoPeer } from "./article-go/article-go-peer.ts";
import { articleNodePeer } from "./article-node/article-node-peer.ts";
import { bullmqPeer } from "./bullmq/bullmq-peer.ts";
import { chappePeer } from "./chappe-peer.ts";
import { jetstreamPeer } from "./jetstream/jetstream-peer.ts";
import type { Peer } from "./peer.ts";
import { rabbitmqPeer } from "./rabbitmq/rabbitmq-peer.ts";

/** Chappe and what it is compared with, in the order in which each load is put on them. */
export const allPeers: readonly Peer[] = [
  chappePeer,
  bullmqPeer,
  jetstreamPeer,
  rabbitmqPeer,
  articleNodePeer,
  articleGoPeer,
];

/** Systems whose name a pattern matches. @throws Error that lists the names when none does */
export function selectPeers(pattern: RegExp | undefined): readonly Peer[] {
  const selected = allPeers.filter(({ name }) => pattern === undefined || pattern.test(name));
  if (selected.length > 0) return selected;
  throw new Error(`no system matches ${String(pattern)}; there are ${allPeers.map(({ name }) => name).join(", ")}`);
}
