import { ChappeError } from "@chappe/message";
import { type ConnectionOptions, RedisConnection } from "./redis-connection.ts";
import type { KeyHolder, ServersHandlers, ServersOptions } from "./redis-servers.ts";
import { ServerIdentity } from "./server-identity.ts";
import { nodeName, type SlotRange, SlotMap, slotRangesOf } from "./slot-map.ts";
import type { Endpoint, RedisServer } from "./store-url.ts";

/** What a {@link ClusterNodes} needs. */
export interface ClusterNodesOptions extends ServersOptions {
  /** What is the same for all nodes: user, password, TLS. */
  readonly server: RedisServer;
  /** Nodes to begin with, and to come back to when all others are out of reach. */
  readonly seeds: readonly Endpoint[];
  readonly handlers: ServersHandlers;
  /** Other nodes serve these slots from now on. */
  readonly onMoved: (slots: ReadonlySet<number>) => void;
  /** The map has been looked at again. */
  readonly onLooked: () => void;
  /** A node is no longer used. */
  readonly onLeft: (node: string) => void;
}

interface ClusterNode {
  readonly endpoint: Endpoint;
  readonly connection: RedisConnection;
  readonly identity: ServerIdentity;
  /** When it last served a slot, or was to be asked. */
  usedAtMs: number;
}

/** So often the map is looked at when all is well, and when something is missing. */
const LOOK_MS = 10_000;
const LOOK_AGAIN_MS = 100;

/** A node that serves nothing for so long is left. Slots may come to it, or come back. */
const LEAVE_AFTER_MS = 30_000;

/** The nodes of a cluster: a connection to each, and which of them serves which slot. */
export class ClusterNodes {
  readonly #options: ClusterNodesOptions;
  readonly #map = new SlotMap();
  readonly #nodes = new Map<string, ClusterNode>();
  #masters: ReadonlySet<string> = new Set();
  #timer: NodeJS.Timeout | undefined;
  #timerAtMs = Number.POSITIVE_INFINITY;
  #looking = false;
  /** Why the last look was refused, if it was. */
  #refusal: ChappeError | undefined;
  #whole = false;
  #everWhole = false;
  #changed = false;
  #closed = false;

  constructor(options: ClusterNodesOptions) {
    this.#options = options;
    for (const seed of options.seeds) this.#nodeAt(seed);
    this.#lookIn(LOOK_AGAIN_MS);
  }

  /** The connection to the node that serves a slot, ready or not. @throws ChappeError UNAVAILABLE if none is known */
  serving(slot: number): RedisConnection {
    return this.#nodeServing(slot).connection;
  }

  /** How to reach the node that serves a slot. @throws ChappeError UNAVAILABLE if none is known */
  reach(slot: number): ConnectionOptions {
    return this.#optionsFor(this.#nodeServing(slot).endpoint);
  }

  /** The node that serves a slot; undefined if none is known. */
  holderOf(slot: number): KeyHolder | undefined {
    const node = this.#knownAt(slot);
    if (node === undefined) return undefined;
    const { endpoint, identity } = node;
    const reached = this.#optionsFor(endpoint);
    return { node: nodeName(endpoint), moves: this.#map.movesOf(slot), runId: identity.runId, reached };
  }

  /** See `RedisServers.routeOf`. */
  routeOf(slot: number): string {
    return `${this.#map.movesOf(slot)}/${this.#knownAt(slot)?.identity.connections ?? 0}`;
  }

  /** Name of the node that serves a slot. */
  nodeOf(slot: number): string | undefined {
    return this.#map.nodeOf(slot);
  }

  /** The connection to a node by its name; undefined when it has been left. */
  connection(name: string): RedisConnection | undefined {
    return this.#nodes.get(name)?.connection;
  }

  /** Where a slot's node is; some host where nobody is known. */
  endpointOf(slot: number): Endpoint {
    return this.#knownAt(slot)?.endpoint ?? (this.#options.seeds[0] as Endpoint);
  }

  /** A node that answers, for commands without keys. @throws ChappeError UNAVAILABLE if none does */
  any(): RedisConnection {
    for (const name of this.#masters) {
      const node = this.#nodes.get(name);
      if (node?.connection.ready) return node.connection;
    }
    throw this.#unserved("no node answers");
  }

  /**
   * Asks all nodes that serve slots. Resolves when one answers and each was tried: those that are lost take their own
   * partitions with them, and no others.
   *
   * @throws ChappeError UNAVAILABLE when none answers
   */
  async ping(): Promise<void> {
    const masters = [...this.#masters].flatMap((name) => this.#nodes.get(name)?.connection ?? []);
    if (masters.length === 0) throw this.#unserved("no node answers");
    if (masters.some(({ untried }) => untried)) throw this.#unserved("nodes are still being connected to");
    const answers = await Promise.allSettled(masters.map((connection) => connection.call("PING")));
    if (answers.every(({ status }) => status === "rejected")) throw this.#unserved("no node answers");
  }

  /** A node has named another that has some keys of a slot. Returns its name. */
  toAsk(endpoint: Endpoint): string {
    this.#nodeAt(endpoint).usedAtMs = performance.now();
    return nodeName(endpoint);
  }

  /** A node has named another that serves a slot from now on. */
  moved(slot: number, endpoint: Endpoint): void {
    this.#nodeAt(endpoint);
    if (this.#map.assign(slot, nodeName(endpoint))) this.#adopted(new Set([slot]));
    this.look();
  }

  /** Looks at the map soon: something does not fit. */
  look(): void {
    this.#lookIn(LOOK_AGAIN_MS / 2);
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await Promise.all([...this.#nodes.values()].map(({ connection }) => connection.close()));
  }

  #knownAt(slot: number): ClusterNode | undefined {
    const name = this.#map.nodeOf(slot);
    return name === undefined ? undefined : this.#nodes.get(name);
  }

  #nodeServing(slot: number): ClusterNode {
    const node = this.#knownAt(slot);
    if (node === undefined) throw this.#unserved(`nobody serves slot ${slot}`);
    return node;
  }

  #optionsFor(endpoint: Endpoint): ConnectionOptions {
    const { server, silenceMs, name } = this.#options;
    return { server: { ...server, ...endpoint }, name, silenceMs };
  }

  #nodeAt(endpoint: Endpoint): ClusterNode {
    const name = nodeName(endpoint);
    const known = this.#nodes.get(name);
    if (known !== undefined) return known;
    const { handlers } = this.#options;
    const connection = new RedisConnection(this.#optionsFor(endpoint), {
      onReady: () => {
        identity.learn();
        handlers.onReady(connection);
        this.#tellChanged();
        this.#judge();
        this.look();
      },
      onLost: (error) => {
        identity.forget();
        if (this.#masters.size === 0 || this.#masters.has(name)) handlers.onLost(error, name);
        this.#judge();
        this.look();
      },
    });
    const identity = new ServerIdentity(connection);
    const node = { endpoint, connection, identity, usedAtMs: performance.now() };
    this.#nodes.set(name, node);
    return node;
  }

  #lookIn(ms: number): void {
    const atMs = performance.now() + ms;
    if (this.#closed || this.#looking || atMs >= this.#timerAtMs) return;
    clearTimeout(this.#timer);
    this.#timerAtMs = atMs;
    this.#timer = setTimeout(() => void this.#look(), ms);
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    this.#looking = true;
    const ready = [...this.#nodes.values()].filter(({ connection }) => connection.ready);
    // Another one each time: one may not know yet, or be cut off from the others.
    const asked = ready[Math.floor(Math.random() * ready.length)];
    try {
      if (asked === undefined) for (const seed of this.#options.seeds) this.#nodeAt(seed);
      else this.#adopt(slotRangesOf(await asked.connection.call("CLUSTER", "SLOTS"), asked.endpoint));
      this.#refusal = undefined;
    } catch (error) {
      this.#onRefused(ChappeError.from(error), asked?.endpoint);
    }
    this.#leaveUnused();
    this.#judge();
    this.#options.onLooked();
    this.#looking = false;
    this.#timerAtMs = Number.POSITIVE_INFINITY;
    this.#lookIn(this.#whole ? LOOK_MS : LOOK_AGAIN_MS);
  }

  /** Not a cluster, or not allowed: an operator wants to know, once. A connection that broke is told of by itself. */
  #onRefused(refusal: ChappeError, node: Endpoint | undefined): void {
    if (refusal.code === "UNAVAILABLE") return;
    if (this.#refusal === undefined) this.#options.handlers.onLost(refusal, node && nodeName(node));
    this.#refusal = refusal;
  }

  #adopt(ranges: readonly SlotRange[]): void {
    const changed = new Set<number>();
    for (const { first, last, master } of ranges) {
      const node = this.#nodeAt(master);
      for (let slot = first; slot <= last; slot++) {
        // Who asks a node that is behind its time may hear of one that is gone. If it is true, MOVED will tell.
        const doubtful = !node.connection.ready && !node.connection.untried && this.#servedWell(slot);
        if (!doubtful && this.#map.assign(slot, nodeName(master))) changed.add(slot);
      }
    }
    if (changed.size > 0) this.#adopted(changed);
  }

  #servedWell(slot: number): boolean {
    return this.#knownAt(slot)?.connection.ready === true;
  }

  #adopted(changed: ReadonlySet<number>): void {
    const before = this.#masters;
    this.#masters = this.#map.masters();
    // One that serves nothing any more may have kept what its successor never had.
    if ([...before].some((name) => !this.#masters.has(name))) this.#options.handlers.onReplaced();
    this.#tellChanged();
    this.#options.onMoved(changed);
    this.#judge();
  }

  #leaveUnused(): void {
    const now = performance.now();
    for (const [name, node] of this.#nodes) {
      if (this.#masters.has(name)) node.usedAtMs = now;
      if (this.#masters.size === 0 || now - node.usedAtMs < LEAVE_AFTER_MS) continue;
      this.#nodes.delete(name);
      void node.connection.close();
      this.#options.onLeft(name);
    }
  }

  /** Tells when everything is served. */
  #judge(): void {
    const whole =
      this.#map.unserved === 0 && [...this.#masters].every((name) => this.#nodes.get(name)?.connection.ready);
    if (whole === this.#whole) return;
    this.#whole = whole;
    if (!whole) return;
    this.#everWhole = true;
    this.#options.handlers.onWhole();
  }

  /** Many slots may move in one moment. */
  #tellChanged(): void {
    if (this.#changed) return;
    this.#changed = true;
    // What makes the cluster whole at first is no change.
    const first = !this.#everWhole;
    setImmediate(() => {
      this.#changed = false;
      if (!this.#closed) this.#options.handlers.onChanged(first);
    });
  }

  #unserved(what: string): ChappeError {
    if (this.#closed) return new ChappeError("UNAVAILABLE", "the connection to Redis is closed");
    // What does not mend itself is worth more to the reader.
    const troubles = [...this.#nodes.values()].flatMap(({ connection }) =>
      connection.ready ? [] : connection.trouble,
    );
    const lasting = troubles.find(({ code }) => code !== "UNAVAILABLE") ?? this.#refusal;
    return new ChappeError(
      lasting?.code ?? "UNAVAILABLE",
      `the Redis cluster is not whole: ${what}${lasting === undefined ? "" : `; ${lasting.message}`}`,
    );
  }
}
