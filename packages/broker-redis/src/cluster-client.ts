import { ChappeError } from "@chappe/message";
import calculateSlot from "cluster-key-slot";
import type { ClusterNodes } from "./cluster-nodes.ts";
import { keyOf } from "./command-key.ts";
import type { Argument } from "./encode-command.ts";
import { redirectionOf } from "./redirection.ts";
import type { RedisClient, Reply } from "./redis-client.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { SlotLane } from "./slot-lane.ts";

type Attempt = (connection: RedisConnection) => Promise<unknown>;

/** Thrown for a node that is still being connected to, and caught here. */
class NotYet extends ChappeError {
  constructor() {
    super("UNAVAILABLE", "not connected to this node of the Redis cluster yet");
  }
}

/**
 * Sends each command to the node that serves its keys, and again where a node refused it without doing anything, in
 * the order of the calls of each slot. What a broken connection left in doubt is never repeated.
 */
export class ClusterClient implements RedisClient {
  readonly #nodes: ClusterNodes;
  readonly #patienceMs: number;
  readonly #lanes = new Map<number, SlotLane<Attempt>>();

  /** @param patienceMs so long a slot may be on its way before its commands fail with UNAVAILABLE */
  constructor(nodes: ClusterNodes, patienceMs: number) {
    this.#nodes = nodes;
    this.#patienceMs = patienceMs;
  }

  async call(...command: readonly Argument[]): Promise<Reply> {
    const key = keyOf(command);
    if (key === undefined) return this.#nodes.any().call(...command);
    return this.#laneOf(key).run<Reply>((connection) => connection.call(...command));
  }

  async transaction(commands: readonly (readonly Argument[])[]): Promise<readonly Reply[]> {
    const key = keyOf(commands[0] ?? []) ?? "";
    return this.#laneOf(key).run<readonly Reply[]>((connection) => connection.transaction(commands));
  }

  beforeWrite(speak: () => void): void {
    setImmediate(speak);
  }

  leaveReplica(): void {
    this.#nodes.look();
  }

  #laneOf(key: string): SlotLane<Attempt> {
    const slot = calculateSlot(key);
    let lane = this.#lanes.get(slot);
    if (lane === undefined) {
      const route = {
        send: (attempt: Attempt, ask: string | undefined) => this.#send(slot, attempt, ask),
        again: (error: unknown) => this.#again(slot, error),
      };
      this.#lanes.set(slot, (lane = new SlotLane(route, this.#patienceMs)));
    }
    return lane;
  }

  #send(slot: number, attempt: Attempt, ask: string | undefined): Promise<unknown> {
    const asked = ask === undefined ? undefined : this.#nodes.connection(ask);
    try {
      const connection = asked ?? this.#nodes.serving(slot);
      if (connection.untried) throw new NotYet();
      // Counts for what comes right after it, and for a transaction as a whole.
      if (asked !== undefined) connection.call("ASKING").catch(() => {});
      return attempt(connection);
    } catch (error) {
      return Promise.reject(error as ChappeError);
    }
  }

  #again(slot: number, error: unknown): { ask?: string; later?: true } | undefined {
    if (error instanceof NotYet) return { later: true };
    const redirection = redirectionOf(error, this.#nodes.endpointOf(slot));
    switch (redirection?.kind) {
      case undefined:
        return undefined;
      case "wait":
        this.#nodes.look();
        return { later: true };
      case "moved":
        this.#nodes.moved(redirection.slot, redirection.endpoint);
        return {};
      case "ask":
        return { ask: this.#nodes.toAsk(redirection.endpoint) };
    }
  }
}
