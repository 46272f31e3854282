import { ChappeError } from "@chappe/message";
import calculateSlot from "cluster-key-slot";
import type { ClusterNodes } from "./cluster-nodes.ts";
import { redirectionOf } from "./redirection.ts";
import { RedisConnection } from "./redis-connection.ts";
import type { ServersHandlers } from "./redis-servers.ts";
import type { WakeConnection } from "./wake-ups.ts";

/** A node tells of each channel by itself, when slots leave it. */
const REMAKE_AFTER_MS = 200;

interface NodeWakes {
  readonly connection: RedisConnection;
  remaking: NodeJS.Timeout | undefined;
}

/** Subscriptions on a cluster: each at the node that serves its channel's slot, for there its wake-ups are sent. */
export class ClusterWakes implements WakeConnection {
  readonly #handlers: ServersHandlers;
  readonly #nodes: () => ClusterNodes;
  /** By the node's name. Where nothing is watched, there is none. */
  readonly #wakes = new Map<string, NodeWakes>();
  #closed = false;

  constructor(handlers: ServersHandlers, nodes: () => ClusterNodes) {
    this.#handlers = handlers;
    this.#nodes = nodes;
  }

  groupOf(channel: string): number {
    return calculateSlot(channel);
  }

  async subscribe(channels: readonly string[]): Promise<void> {
    const slot = calculateSlot(channels[0] ?? "");
    const wakes = this.#at(slot);
    try {
      await wakes.connection.subscribe(channels);
      // The node has ended it, or is about to.
      if (this.#at(slot) !== wakes) throw new ChappeError("UNAVAILABLE", `slot ${slot} has moved meanwhile`);
    } catch (error) {
      const redirection = redirectionOf(error, this.#nodes().endpointOf(slot));
      if (redirection?.kind === "moved") this.#nodes().moved(redirection.slot, redirection.endpoint);
      throw error;
    }
  }

  async unsubscribe(channels: readonly string[]): Promise<void> {
    const node = this.#nodes().nodeOf(calculateSlot(channels[0] ?? ""));
    await (node === undefined ? undefined : this.#wakes.get(node)?.connection.unsubscribe(channels));
  }

  /** Other nodes serve these slots: subscriptions at the old ones are worth nothing. New ones follow the next look. */
  onMoved(slots: ReadonlySet<number>): void {
    this.#handlers.onWakesLost((channel) => slots.has(calculateSlot(channel)));
  }

  /** A node is no longer used. */
  leave(node: string): void {
    const wakes = this.#wakes.get(node);
    this.#wakes.delete(node);
    clearTimeout(wakes?.remaking);
    void wakes?.connection.close();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(
      [...this.#wakes.values()].map(({ connection, remaking }) => {
        clearTimeout(remaking);
        return connection.close();
      }),
    );
  }

  #at(slot: number): NodeWakes {
    if (this.#closed) throw new ChappeError("UNAVAILABLE", "the connection to Redis is closed");
    const options = this.#nodes().reach(slot);
    const node = this.#nodes().nodeOf(slot) ?? "";
    const known = this.#wakes.get(node);
    if (known !== undefined) return known;
    const handlers = this.#handlers;
    const concerns = (channel: string) => this.#nodes().nodeOf(calculateSlot(channel)) === node;
    const connection = new RedisConnection(
      { ...options, name: `${options.name}-wakes` },
      {
        onReady: () => {
          handlers.onWakesReady(concerns);
          handlers.onWaking();
        },
        onLost: (error) => handlers.onWakesLost(concerns, error),
        onMessage: (channel, message) => handlers.onWake(channel, message),
        onMoved: () => this.#onMovedFrom(node),
      },
    );
    const wakes = { connection, remaking: undefined };
    this.#wakes.set(node, wakes);
    return wakes;
  }

  /** The driver does not say which subscription has ended, so all are made again, when no more of them end. */
  #onMovedFrom(node: string): void {
    const wakes = this.#wakes.get(node);
    if (wakes === undefined) return;
    this.#nodes().look();
    clearTimeout(wakes.remaking);
    wakes.remaking = setTimeout(() => {
      wakes.connection.remake(new Error("slots have left this node"));
    }, REMAKE_AFTER_MS);
    wakes.remaking.unref();
  }
}
